/**
 * What a judgement by the default judge costs, and what it costs others: seconds for one of 12 frames, and the latency of
 * `GET` session while four are judged at once, against the service as it is shipped, in a process of its own.
 *
 * Ends with status 1 if the median judgement takes more than 1.5 s or the 99th percentile reaches 50 ms. Both are about an
 * idle machine of two cores: the load average is printed beside them.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { buildChanged } from '../../scripts/build.js';
import { truthfulSubmission, type Picture } from '../judge/court.js';
import { ASSETS } from '../judge/judge.js';
import { portraitPath } from '../judge/pictures.js';
import { prepareJudge } from '../judge/prepare.js';
import { createClient, startedSession, type Client, type Submission } from '../service/harness.js';
import { startProcess } from '../service/process.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 10);
const AT_ONCE = 4;
const WHILE_MS = 10_000;
const MOST_SECONDS = 1.5;
const MOST_MS = 50;

/** As large as the element sends them. */
const FRAME = { width: 1280, height: 960 };
const PORTRAITS = ['01829', '02045', '02159', '02221', '02683', '02888', '03909', '03979', '04000', '04035', '04117'];

async function twelveFrames(): Promise<Picture[]> {
  const frames = [...PORTRAITS, '01829'].map(async (number, index) => {
    const picture = sharp(portraitPath(`franck_${number}.jpg`)).resize({ ...FRAME, fit: 'cover' });
    return new Uint8Array(
      await picture
        .flop(index === PORTRAITS.length)
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
  });
  return Promise.all(frames);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

const load = (): string => `load average ${loadavg()[0]?.toFixed(1)}, ${availableParallelism()} cores`;

/** Seconds of processor time the process has used so far, threads and all; NaN but on Linux, which alone tells. */
function processorSeconds(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function judgeOnce(client: Client, submission: Submission): Promise<number> {
  const { authToken } = await startedSession(client, { deviceCorrelationId: randomUUID() });
  const start = performance.now();
  const { status } = await client.submit(authToken, submission);
  if (status !== 204) throw new Error(`The submission was answered with ${status}`);
  return (performance.now() - start) / 1000;
}

async function benchmark(client: Client, pid: number): Promise<boolean> {
  const submission = await truthfulSubmission(await twelveFrames());
  const megabytes = (submission.bytes.length / 1024 / 1024).toFixed(1);
  await judgeOnce(client, submission);

  const before = processorSeconds(pid);
  const alone: number[] = [];
  for (let run = 0; run < RUNS; run++) alone.push(await judgeOnce(client, submission));
  const processor = (processorSeconds(pid) - before) / RUNS;
  const slowest = Math.max(...alone);
  console.log(`judgement of 12 frames (${megabytes} MB, ${FRAME.width}×${FRAME.height}), ${RUNS} runs, ${load()}`);
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
    for (; performance.now() < end; judged++) await judgeOnce(client, submission);
  });
  const latencies = await latenciesOf(client, sessionId, end);
  await Promise.all(judging);
  console.log(`  while ${AT_ONCE} are judged:        ${described(latencies)} (p99 below ${MOST_MS} ms)`);
  console.log(`  ${judged} judgements in ${WHILE_MS / 1000} s, ${load()}`);
  return percentile(alone, 0.5) <= MOST_SECONDS && percentile(latencies, 0.99) < MOST_MS;
}

/** Milliseconds of each request, one after the other until `end`. */
async function latenciesOf(client: Client, sessionId: string, end: number): Promise<number[]> {
  const latencies: number[] = [];
  while (performance.now() < end) {
    const start = performance.now();
    const response = await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}`);
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`GET session was answered with ${response.status}`);
    latencies.push(performance.now() - start);
    await wait(5);
  }
  return latencies;
}

function described(latencies: readonly number[]): string {
  const [median, p99, slowest] = [percentile(latencies, 0.5), percentile(latencies, 0.99), Math.max(...latencies)];
  return `${latencies.length} requests, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`;
}

await prepareJudge();
await buildChanged(['server']);
const dataDirectory = mkdtempSync(join(tmpdir(), 'bench-judge-'));
try {
  // The judge looks for its models where a build would have put them.
  mkdirSync(join(dataDirectory, 'element'));
  symlinkSync(ASSETS, join(dataDirectory, 'element/liveness-assets'));
  const service = await startProcess({
    location: { file: join(dataDirectory, 'liveness.db') },
    dataDirectory,
    environment: { LIVENESS_JUDGE: 'default', DIST_DIR: dataDirectory },
  });
  try {
    const good = await benchmark(createClient(service.url), service.process.pid ?? 0);
    process.exitCode = good ? 0 : 1;
  } finally {
    await service.end('SIGTERM');
  }
} finally {
  rmSync(dataDirectory, { recursive: true });
}
