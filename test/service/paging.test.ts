/** Lists that are read page by page are complete and in order, whatever is written meanwhile. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockSession } from '../../demo/server/service/session/attempts.js';
import { BACKENDS } from './backends.js';
import { SESSIONS, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

const ENTRIES = 10_000;
/** Entries written in one transaction. */
const BATCH = 250;

interface Entry {
  id: number;
  requestId: string;
}

describe.each(BACKENDS)('paging on %s', (backend) => {
  let service: RunningService;
  let client: Client;
  beforeAll(async () => {
    let now = Date.now();
    service = await startService(backend, {
      // No two sessions are created in the same millisecond.
      now: () => ++now,
      limits: {
        sessionRequests: { count: 1e9, seconds: 60 },
        deviceAttempts: { count: 1e9, seconds: 60 },
        submissionsPerSession: 1e9,
      },
    });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  const page = async (sessionId: string, query: string): Promise<Entry[]> => {
    return client.audit(sessionId, query);
  };

  /** Appends entries under the session's lock, as calls do, but many per transaction. @returns their request ids */
  async function appendEntries(sessionId: string, count: number): Promise<string[]> {
    const requestIds = Array.from({ length: count }, () => randomUUID());
    await service.database.transaction().execute(async (transaction) => {
      const session = await lockSession(transaction, sessionId);
      const entries = requestIds.map((requestId, index) => ({
        session_id: sessionId,
        id: session.last_entry_id + 1 + index,
        attempt_id: null,
        request_id: requestId,
        client_request_id: '',
        received_at: Date.now(),
        url: '/face/v1.2-preview.1/detectLiveness/singleModal',
        method: 'POST',
        content_length: 1,
        content_type: 'multipart/form-data',
        user_agent: '',
        response_body: '{}',
        status_code: 400,
        latency_ms: 1,
        digest: 'A'.repeat(64),
        session_image_id: null,
        verify_image_hash: null,
      }));
      for (let first = 0; first < count; first += BATCH) {
        await transaction
          .insertInto('audit_entry')
          .values(entries.slice(first, first + BATCH))
          .execute();
      }
      const last_entry_id = session.last_entry_id + count;
      await transaction.updateTable('session').set({ last_entry_id }).where('id', '=', sessionId).execute();
    });
    return requestIds;
  }

  it(`returns ${ENTRIES} audit entries once each and in order while new ones are being written`, async () => {
    const { sessionId, authToken } = await startedSession(client);
    const written = await appendEntries(sessionId, ENTRIES / 2);
    let writing = true;
    const bulk = (async () => {
      while (written.length < ENTRIES) written.push(...(await appendEntries(sessionId, BATCH)));
    })();
    const answered: string[] = [];
    // Meanwhile, refused submissions append entries in the usual way.
    const calls = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (writing) {
          const answer = await client.submit(authToken, submission(9));
          expect(answer.status).toBe(409);
          answered.push(answer.headers.get('apim-request-id') ?? '');
        }
      }),
    );

    const entries: Entry[] = [];
    for (let top = 1; entries.length < ENTRIES; top = Math.min(top * 3, 1000)) {
      const next = await page(sessionId, `?start=${entries.at(-1)?.id ?? ''}&top=${top}`);
      expect(next.length).toBeLessThanOrEqual(top);
      entries.push(...next);
    }
    writing = false;
    await Promise.all([bulk, calls]);
    for (let next = entries.slice(-1); next.length > 0; entries.push(...next)) {
      next = await page(sessionId, `?start=${entries.at(-1)?.id ?? ''}`);
    }

    expect(entries.map(({ id }) => id)).toEqual(entries.map((_, index) => index + 1));
    const ids = entries.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual([...written, ...answered].sort());
    const bulkIds = new Set(written);
    expect(ids.filter((id) => bulkIds.has(id))).toEqual(written);
    expect(answered.length).toBeGreaterThan(0);
  }, 120_000);

  it('returns the audit entries that start and top ask for', async () => {
    const { sessionId } = await createdSession(client);
    const written = await appendEntries(sessionId, 1005);
    expect(await page(sessionId, '')).toHaveLength(1000);
    expect((await page(sessionId, '?top=3')).map(({ requestId }) => requestId)).toEqual(written.slice(0, 3));
    expect((await page(sessionId, '?start=0&top=2')).map(({ id }) => id)).toEqual([1, 2]);
    expect((await page(sessionId, '?start=1003')).map(({ id }) => id)).toEqual([1004, 1005]);
    expect(await page(sessionId, '?start=1005')).toEqual([]);
    expect(await page(sessionId, '?start=999999999999999')).toEqual([]);
  });

  it('lists the sessions of each kind by id, and finds sessions newest first by the start of an id or by device', async () => {
    const content = { livenessOperationMode: 'Passive', deviceCorrelationId: 'listed' };
    const kind = 'detectLivenessWithVerify';
    const created: string[] = [];
    for (let session = 0; session < 5; session++) created.push((await createdSession(client, content)).sessionId);
    const { sessionId } = await createdSession(client, content, kind);

    const list = async (path: string) =>
      ((await (await client.manage(path)).json()) as { id: string }[]).map(({ id }) => id);
    const all: string[] = [];
    for (let last = ''; ; last = all.at(-1) ?? '') {
      const next = await list(`${SESSIONS}?start=${last}&top=2`);
      if (next.length === 0) break;
      all.push(...next);
    }
    expect(all).toEqual([...all].sort());
    expect(all.filter((id) => created.includes(id))).toHaveLength(5);
    expect(await list(`/${kind}/singleModal/sessions`)).toEqual([sessionId]);

    const search = async (query: string) => {
      const response = await fetch(`${service.url}/operator/api/sessions?${query}`, { headers: client.withKey });
      return ((await response.json()) as { id: string; withVerify: boolean }[]).map(({ id }) => id);
    };
    const newestFirst = [sessionId, ...created.reverse()];
    expect(await search('search=listed')).toEqual(newestFirst);
    expect(await search('top=5')).toEqual(newestFirst.slice(0, 5));
    expect(await search(`search=${sessionId.slice(0, 12).toUpperCase()}`)).toEqual([sessionId]);
    expect(await search('search=nothing')).toEqual([]);
    const start = sessionId.slice(0, 12);
    const namesake = await createdSession(client, { ...content, deviceCorrelationId: start });
    const own = await createdSession(client, { ...content, deviceCorrelationId: start });
    const both = [own.sessionId, namesake.sessionId, sessionId];
    expect(await search(`search=${start}`), 'as an id, and as a device').toEqual(both);
    expect(await search(`search=${start}&top=2`)).toHaveLength(2);
    expect(await search(`search=${start}&top=1`), 'a device whose name ids start with').toEqual([own.sessionId]);
    await createdSession(client, { ...content, deviceCorrelationId: sessionId });
    expect(await search(`search=${sessionId}&top=1`), 'whoever names a device by it hides nobody').toEqual([sessionId]);
  });
});
