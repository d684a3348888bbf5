/** Kills the process at random moments, a hundred times: what it answered is in the audit, and nothing is half done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256Hex } from '../sha256-hex.js';
import { BACKENDS } from './backends.js';
import { createClient, createdSession, type Client } from './client.js';
import { createTestDatabase, type Backend } from './harness.js';
import { startProcess, type ServiceProcess } from './process.js';
import { submission } from './submission.js';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 100);
/** Run at the same time, each with its own database and processes. */
const LANES = BACKENDS;
const DEVICES = 4;

interface Answered {
  sessionId: string;
  requestId: string;
  digest: string;
}

/** What a lane did before its process was killed. */
interface Round {
  /** Sessions whose creation was answered. */
  created: string[];
  answered: Answered[];
}

async function loadUntilDead(client: Client, round: Round): Promise<void> {
  try {
    for (;;) {
      const { sessionId, authToken } = await createdSession(client);
      round.created.push(sessionId);
      expect((await client.start(authToken)).status).toBe(200);
      const body = submission(1, 2, 1000 + Math.floor(Math.random() * 4000));
      const answer = await client.submit(authToken, body);
      expect(answer.status).toBe(204);
      round.answered.push({
        sessionId,
        requestId: answer.headers.get('apim-request-id') ?? '',
        digest: sha256Hex(body.bytes),
      });
    }
  } catch (error) {
    // A `TypeError` from `fetch` means that the process is dead; anything else is a failure.
    if (!(error instanceof TypeError)) throw error;
  }
}

async function expectIntact(client: Client, { created, answered }: Round): Promise<void> {
  const stable = createClient(client.base.replace(/\/face\/.*/, ''), 'v1.2');
  const byId = new Map(answered.map((answer) => [answer.sessionId, answer]));
  for (const id of created) {
    const session = await stable.manage(`/detectLiveness-sessions/${id}`);
    expect(session.status).toBe(200);
    const { results } = (await session.json()) as { results: { attempts: { attemptStatus: string }[] } };
    const entries = await client.audit(id);
    // Attempt and audit entry are written together or not at all.
    const succeeded = results.attempts.some(({ attemptStatus }) => attemptStatus === 'Succeeded');
    expect(entries.map((entry) => entry.id)).toEqual(succeeded ? [1] : []);
    const answer = byId.get(id);
    if (answer) expect(entries[0]).toMatchObject({ requestId: answer.requestId, digest: answer.digest });
  }
}

async function runLane(backend: Backend, kills: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'crash-'));
  const database = await createTestDatabase(backend);
  // On SQLite, the process creates its own file in the data folder.
  const location = backend === 'SQLite' ? { file: join(directory, 'liveness.db') } : database.location;
  const environment = { LIVENESS_PUBLIC_URL: 'https://liveness.example' };
  let running: ServiceProcess | null = null;
  let answered = 0;
  let last: Round = { created: [], answered: [] };
  try {
    for (let kill = 0; kill <= kills; kill++) {
      running = await startProcess({ location, dataDirectory: directory, environment });
      const client = createClient(running.url);
      await expectIntact(client, last);
      if (kill === kills) break;
      const round: Round = { created: [], answered: [] };
      const load = Promise.all(Array.from({ length: DEVICES }, () => loadUntilDead(client, round)));
      const endedByItself = load.then(() => Promise.reject(new Error('The process died, and nobody had killed it')));
      while (round.answered.length === 0) await Promise.race([pause(2), endedByItself]);
      endedByItself.catch(() => undefined);
      await pause(Math.random() * 120);
      expect(await running.end('SIGKILL')).toBe(null);
      await load;
      answered += round.answered.length;
      last = round;
    }
    return answered;
  } finally {
    await running?.end('SIGKILL');
    await database.remove();
    rmSync(directory, { recursive: true });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

it(
  `the service has every call it answered in its audit after each of ${KILLS} kills`,
  async () => {
    const kills = Math.ceil(KILLS / LANES.length);
    const answered = await Promise.all(LANES.map((backend) => runLane(backend, kills)));
    console.log(`${kills * LANES.length} kills; calls answered before and found after: ${answered.join(' and ')}`);
    for (const count of answered) expect(count).toBeGreaterThanOrEqual(kills);
  },
  KILLS * 5_000,
);
