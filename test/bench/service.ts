/**
 * What the service costs beyond reading and hashing, and whether the audit stays fast as it grows.
 *
 * For SQLite and for a PostgreSQL of its own, prints:
 * - liveness posts per second, compared with `service-bare.ts`, which only reads and hashes the same body. Each server
 *   has a process of its own, and they are measured alternately;
 * - the latency of audit pages at 1,000 and at 1,000,000 entries.
 *
 * Ends with status 1 if the pages get more than 1.5 times slower.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type DatabaseLocation } from '../../demo/server/database/open.js';
import type { Database } from '../../demo/server/database/schema.js';
import { type Child, originIn, startChild } from '../child.js';
import { percentile } from '../percentile.js';
import { startPostgres } from '../service/postgres.js';
import { insertSession } from '../service/session-row.js';
import { submission } from '../service/submission.js';

const KEY = 'a-key-for-the-benchmark';
const POSTS = Number(process.env['BENCH_POSTS'] ?? 1500);
const ROUNDS = 5;
const CONCURRENCY = 8;
/** What one attempt sends: five frames of 60 KB. */
const BODY = submission(1, 5, 60_000);
const PAGES = 400;
const SMALL = 1_000;
const LARGE = Number(process.env['BENCH_ENTRIES'] ?? 1_000_000);
const MOST_GROWTH = 1.5;

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
const children: Child[] = [];

interface Answer {
  status: number;
  body: string;
}

function send(
  url: string,
  method: string,
  headers: Record<string, string | number>,
  body?: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': body.length } : {};
    const call = request(url, { method, agent, headers: { ...headers, ...length }, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    call.on('timeout', () => call.destroy(new Error('No answer in time')));
    call.end(body);
  });
}

async function startServer(script: string, environment: Record<string, string>): Promise<string> {
  const [child, origin] = await startChild(process.execPath, ['--import', 'tsx', script], {
    environment: { ...process.env, PORT: '0', ...environment },
    ready: originIn,
  });
  children.push(child);
  return origin.replace('localhost', '127.0.0.1');
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<number> {
  const queue = items.values();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const item of queue) await work(item);
    }),
  );
  return (performance.now() - startedAt) / 1000;
}

function expectStatus({ status, body }: Answer, expected: number): void {
  if (status !== expected) throw new Error(`Answered ${status} instead of ${expected}: ${body}`);
}

/** @returns tokens of sessions whose first attempt is open */
async function openAttempts(url: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  const api = `${url}/face/v1.2-preview.1`;
  await inParallel(Array.from({ length: count }), async () => {
    const content = { livenessOperationMode: 'Passive', deviceCorrelationId: crypto.randomUUID() };
    const headers = { 'ocp-apim-subscription-key': KEY, 'content-type': 'application/json' };
    const created = await send(`${api}/detectLiveness/singleModal/sessions`, 'POST', headers, json(content));
    expectStatus(created, 200);
    const { authToken } = JSON.parse(created.body) as { authToken: string };
    expectStatus(await send(`${api}/session/start`, 'POST', bearer(authToken), json({})), 200);
    tokens.push(authToken);
  });
  return tokens;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function measure(location: DatabaseLocation, directory: string): Promise<void> {
  const bare = await startServer('test/bench/service-bare.ts', {});
  const service = await startServer('demo/server/main.ts', {
    DATA_DIR: directory,
    LIVENESS_JUDGE: 'none',
    LIVENESS_API_KEYS: KEY,
    DATABASE_URL: 'url' in location ? location.url : '',
  });
  const headers = { 'content-type': BODY.contentType, 'client-request-id': 'bench' };
  const tokens = await openAttempts(service, POSTS + 100);
  const post = (url: string, status: number) => async (token: string) =>
    expectStatus(await send(url, 'POST', { ...headers, ...bearer(token) }, BODY.bytes), status);
  const postBare = post(`${bare}/`, 200);
  const postLiveness = post(`${service}/face/v1.2-preview.1/detectLiveness/singleModal`, 204);
  const [warm, measured] = [tokens.slice(0, 100), tokens.slice(100)];
  await inParallel(warm, postBare);
  await inParallel(warm, postLiveness);
  const bareRates: number[] = [];
  const rates: number[] = [];
  const each = POSTS / ROUNDS;
  // Alternates between the servers, so that other load on the machine affects both.
  for (let round = 0; round < ROUNDS; round++) {
    const some = measured.slice(round * each, (round + 1) * each);
    bareRates.push(some.length / (await inParallel(some, postBare)));
    rates.push(some.length / (await inParallel(some, postLiveness)));
  }
  const kilobytes = Math.round(BODY.bytes.length / 1024);
  console.log(
    `${POSTS} posts of ${kilobytes} KB each in ${ROUNDS} rounds, ${CONCURRENCY} at once, ${'url' in location ? 'PostgreSQL' : 'SQLite'}`,
  );
  console.log(`  Hono's adapter, reads and hashes  ${spread(bareRates)} posts/s`);
  console.log(`  liveness post, judged and audited ${spread(rates)} posts/s`);
  console.log(
    `  share of the former               ${spread(rates.map((rate, round) => (100 * rate) / (bareRates[round] ?? NaN)))} %`,
  );
  await measureAudit(service, location);
  for (const child of children.splice(0)) await child.end();
}

/** Median and range, such as `12 (10 … 14)`. */
function spread(values: readonly number[]): string {
  const [median, least, most] = [percentile(values, 0.5), Math.min(...values), Math.max(...values)];
  return `${median.toFixed(0)} (${least.toFixed(0)} … ${most.toFixed(0)})`;
}

async function measureAudit(url: string, location: DatabaseLocation): Promise<void> {
  const database = await openDatabase(location);
  try {
    const sessionId = await insertSession(database);
    await insertEntries(database, sessionId, 1, SMALL);
    const small = await pageLatency(url, sessionId, SMALL);
    await insertEntries(database, sessionId, SMALL + 1, LARGE);
    const large = await pageLatency(url, sessionId, LARGE);
    for (const [top, before] of small) {
      const after = large.get(top) ?? Number.NaN;
      const growth = after / before;
      console.log(
        `audit page of ${top}: ${before.toFixed(2)} ms at ${SMALL} entries, ${after.toFixed(2)} ms at ${LARGE} (${growth.toFixed(2)} times)`,
      );
      if (!(growth <= MOST_GROWTH)) process.exitCode = 1;
    }
  } finally {
    await database.destroy();
  }
}

/** @returns median latency in milliseconds by page size, of pages at random positions */
async function pageLatency(url: string, sessionId: string, entries: number): Promise<Map<number, number>> {
  const medians = new Map<number, number>();
  // Opens new connections: the server may be closing those that were idle while entries were written.
  agent.destroy();
  for (const top of [20, 500]) {
    const times: number[] = [];
    for (let page = 0; page < PAGES; page++) {
      const start = Math.floor(Math.random() * (entries - top));
      const path = `/face/v1.2-preview.1/detectLiveness/singleModal/sessions/${sessionId}/audit?start=${start}&top=${top}`;
      const startedAt = performance.now();
      const answer = await send(url + path, 'GET', { 'ocp-apim-subscription-key': KEY });
      times.push(performance.now() - startedAt);
      expectStatus(answer, 200);
    }
    // Leaves out the first quarter, which warms up caches.
    medians.set(top, percentile(times.slice(PAGES / 4), 0.5));
  }
  return medians;
}

async function insertEntries(database: Database, sessionId: string, from: number, to: number): Promise<void> {
  const batch = 200;
  await database.transaction().execute(async (transaction) => {
    for (let first = from; first <= to; first += batch) {
      const ids = Array.from({ length: Math.min(batch, to - first + 1) }, (_, index) => first + index);
      await transaction
        .insertInto('audit_entry')
        .values(ids.map((id) => entry(sessionId, id)))
        .execute();
    }
  });
}

function entry(sessionId: string, id: number) {
  return {
    session_id: sessionId,
    id,
    attempt_id: 1,
    request_id: '4af681e9-0e25-43e9-9922-a7adebf13b2f',
    client_request_id: '4af681e9-0e25-43e9-9922-a7adebf13b2f',
    received_at: Date.now(),
    url: '/face/v1.2-preview.1/detectLiveness/singleModal',
    method: 'POST',
    content_length: BODY.bytes.length,
    content_type: BODY.contentType,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    response_body: JSON.stringify({
      livenessDecision: 'uncertain',
      reason: 'NoJudgeConfigured',
      target: {
        fileName: 'frame-001.jpg',
        faceRectangle: { top: 59, left: 121, width: 409, height: 395 },
        timeOffsetWithinFile: 100,
        imageType: 'Color',
      },
    }),
    status_code: 204,
    latency_ms: 5,
    digest: '1CC98BA83EAF1D0FF7F566FAEFCCCC787819FFA01251E2D9299143F7AD6651DB',
    session_image_id: null,
    verify_image_hash: null,
  };
}

const directory = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await measure({ file: join(directory, 'liveness.db') }, directory);
  const postgres = await startPostgres({ durable: true });
  try {
    await measure({ url: postgres.url }, directory);
  } finally {
    for (const child of children) await child.end();
    await postgres.stop();
  }
} finally {
  agent.destroy();
  for (const child of children) await child.end();
  rmSync(directory, { recursive: true });
}
