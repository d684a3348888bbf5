/**
 * What a judgement by the default judge costs, and how it slows other requests: measures the seconds for a submission
 * with three head turns, and the latency of `GET` session while four are judged at once. The service is the built one,
 * in its own process.
 *
 * Ends with status 1 if the median judgement takes more than 1.5 s or the 99th percentile of the latency reaches 50 ms.
 * Both limits are for an otherwise idle machine with two cores, so the load average is printed too.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildChanged } from '../../scripts/build.js';
import { ASSETS } from '../judge/judge.js';
import { prepareJudge } from '../judge/prepare.js';
import { percentile } from '../percentile.js';
import { createClient, startedSession, type Client } from '../service/client.js';
import { startProcess } from '../service/process.js';
import { captureWithTurns, FRAME, judgeOnce } from './capture-with-turns.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 10);
const AT_ONCE = 4;
const WHILE_MS = 10_000;
/** Milliseconds from one `GET` to the next, whether the first was answered or not. */
const EVERY_MS = 10;
const MOST_SECONDS = 1.5;
const MOST_MS = 50;

const load = (): string => `load average ${loadavg()[0]?.toFixed(1)}, ${availableParallelism()} cores`;

/** Seconds of processor time that the process and its threads have used so far; NaN except on Linux. */
function processorSeconds(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function benchmark(client: Client, pid: number): Promise<boolean> {
  const capture = await captureWithTurns();
  const bytes = capture.pictures.reduce((sum, { length }) => sum + length, 0);
  await judgeOnce(client, capture);

  const before = processorSeconds(pid);
  const alone: number[] = [];
  for (let run = 0; run < RUNS; run++) alone.push(await judgeOnce(client, capture));
  const processor = (processorSeconds(pid) - before) / RUNS;
  const slowest = Math.max(...alone);
  console.log(
    `judgement of ${capture.pictures.length} frames (${(bytes / 1024 / 1024).toFixed(1)} MB, ${FRAME.width}×${FRAME.height}), ${RUNS} runs, ${load()}`,
  );
  console.log(
    `  median ${percentile(alone, 0.5).toFixed(2)} s (at most ${MOST_SECONDS} s), slowest ${slowest.toFixed(2)} s`,
  );
  console.log(`  processor time ${processor.toFixed(2)} s each\n`);

  const { sessionId } = await startedSession(client);
  const idle = await latenciesOf(client, sessionId, performance.now() + WHILE_MS / 2);
  console.log(`GET session, ${load()}`);
  console.log(`  while nothing is judged: ${described(idle)}`);

  const end = performance.now() + WHILE_MS;
  let judged = 0;
  const judging = Array.from({ length: AT_ONCE }, async () => {
    for (; performance.now() < end; judged++) await judgeOnce(client, capture);
  });
  const [latencies] = await Promise.all([latenciesOf(client, sessionId, end), ...judging]);
  console.log(`  while ${AT_ONCE} are judged:        ${described(latencies)} (p99 below ${MOST_MS} ms)`);
  console.log(`  ${judged} judgements in ${WHILE_MS / 1000} s, ${load()}`);
  return percentile(alone, 0.5) <= MOST_SECONDS && percentile(latencies, 0.99) < MOST_MS;
}

/**
 * @returns milliseconds from the time each request was due to its response. Requests are due at fixed times, whether or
 * not the last one was answered: waiting for slow responses would mean measuring less often while they are slow.
 */
async function latenciesOf(client: Client, sessionId: string, end: number): Promise<number[]> {
  const latencies: Promise<number>[] = [];
  for (let due = performance.now(); due < end; due += EVERY_MS) {
    const early = due - performance.now();
    if (early > 0) await wait(early);
    const latency = latencyOf(client, sessionId, due);
    // Failures are reported at the end: an unhandled rejection would end this process and leave the service running.
    latency.catch(() => undefined);
    latencies.push(latency);
  }
  return Promise.all(latencies);
}

async function latencyOf(client: Client, sessionId: string, due: number): Promise<number> {
  const response = await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}`);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`GET session was answered with ${response.status}`);
  return performance.now() - due;
}

function described(latencies: readonly number[]): string {
  const [median, p99, slowest] = [percentile(latencies, 0.5), percentile(latencies, 0.99), Math.max(...latencies)];
  return `${latencies.length} requests, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`;
}

await prepareJudge();
await buildChanged(['server']);
const dataDirectory = mkdtempSync(join(tmpdir(), 'bench-judge-'));
try {
  // The judge looks for its models where the build puts them.
  mkdirSync(join(dataDirectory, 'dist/element'), { recursive: true });
  symlinkSync(ASSETS, join(dataDirectory, 'dist/element/liveness-assets'));
  const service = await startProcess({
    location: { file: join(dataDirectory, 'liveness.db') },
    dataDirectory,
    environment: { LIVENESS_JUDGE: 'default' },
  });
  try {
    const good = await benchmark(createClient(service.url), service.pid);
    process.exitCode = good ? 0 : 1;
  } finally {
    await service.end('SIGTERM');
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(dataDirectory, { recursive: true });
}
// The models that measured the pictures leave threads that would keep the process running.
process.exit();
