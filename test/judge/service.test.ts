/** The whole service with a judge configured by environment variables, and what happens to an attempt if it fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { configureJudge, readJudgeSettings } from '../../demo/server/judge/configure.js';
import { createClient, createdSession, startedSession } from '../service/client.js';
import { startService } from '../service/harness.js';
import { submission } from '../service/submission.js';
import { judgementOn, SECRET, startJudgeServer, VERIFY_FACE, type JudgeServer } from './judge-server.js';
import { ASSETS, THREAD } from './judge.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0).reverse()) await close();
});

// Only the default judge uses the database, which is a stub here.
const SURROUNDINGS = { database: {} as never, thread: THREAD, assets: ASSETS, onThreadLost: () => undefined };

const configure = async (environment: Record<string, string>) =>
  configureJudge(readJudgeSettings(environment), SURROUNDINGS);

async function startJudge(options: Parameters<typeof startJudgeServer>[0] = {}): Promise<JudgeServer> {
  const server = await startJudgeServer(options);
  open.push(server);
  return server;
}

async function start(server: JudgeServer, environment: Record<string, string> = {}, judgeMs = 20_000) {
  const judge = await configure({ LIVENESS_JUDGE_URL: server.url, LIVENESS_JUDGE_SECRET: SECRET, ...environment });
  const running = await startService('SQLite', { judge, limits: { judgeMs } });
  open.push(running);
  return createClient(running.url);
}

describe('a service with LIVENESS_JUDGE_URL', () => {
  it('answers and audits what the judge decides', async () => {
    const server = await startJudge();
    const client = await start(server);
    const { sessionId, authToken } = await startedSession(client, { sendResultsToClient: true });
    const response = await client.submit(authToken, submission());
    expect(await response.json()).toMatchObject({ livenessDecision: 'realface', modelVersionUsed: 'test-1' });
    const [entry] = await client.audit(sessionId);
    expect(entry?.response.body).toMatchObject({ livenessDecision: 'realface', evidence: { frames: [68, 68] } });
    expect(server.submissions[0]).toMatchObject({ sessionId, challenge: [] });
  });

  it('requires head turns only with LIVENESS_JUDGE_ACTIVE_MOTION=true', async () => {
    const server = await startJudge();
    for (const required of [false, true]) {
      const client = await start(server, { LIVENESS_JUDGE_ACTIVE_MOTION: String(required) });
      const { authToken } = await createdSession(client, { livenessOperationMode: 'PassiveActive' });
      const started = (await (await client.start(authToken)).json()) as { activeMotion: { required: boolean } };
      expect(started.activeMotion.required).toBe(required);
    }
  });

  it('answers 503 when the judge’s signed judgement is about a frame that was not sent', async () => {
    const target = { fileName: 'frame-007.jpg', faceRectangle: VERIFY_FACE.faceRectangle };
    const client = await start(await startJudge({ judge: async (sent) => ({ ...judgementOn(sent), target }) }));
    const { authToken } = await startedSession(client);
    expect((await client.submit(authToken, submission())).status).toBe(503);
  });

  it.each([
    ['fails', 500, 'JudgeUnavailable', '5'],
    ['is busy', 503, 'JudgeBusy', '9'],
    ['does not answer', null, 'JudgeUnavailable', '5'],
  ] as const)(
    'answers 503, audits it and keeps the attempt open when the judge %s',
    async (_, status, code, retryAfter) => {
      let working = false;
      const server = await startJudge({
        misbehave: (__, answer) => {
          if (working) return answer();
          if (status === null) return new Promise(() => undefined);
          return new Response(null, { status, headers: { 'retry-after': '9' } });
        },
      });
      const client = await start(server, {}, status === null ? 1_500 : undefined);
      const { sessionId, authToken } = await startedSession(client);
      const refused = await client.submit(authToken, submission());
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe(retryAfter);
      expect(await refused.json()).toMatchObject({ error: { code } });
      const [first, ...others] = await client.audit(sessionId);
      expect(others).toEqual([]);
      expect(first?.response).toMatchObject({ statusCode: 503, body: { error: { code } } });

      working = true;
      expect((await client.submit(authToken, submission())).status).toBe(204);
      expect((await client.audit(sessionId))[1]?.response.body).toMatchObject({ livenessDecision: 'realface' });
    },
  );
});

it('configureJudge names the files that are missing and `npm run build`, and no setting', async () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'judge-'));
  for (const [moved, missing] of [
    [{ thread: pathToFileURL(join(nowhere, 'judge-thread.js')) }, 'judge-thread.js'],
    [{ assets: nowhere }, 'face_landmarker.task, vision_wasm_module_internal.wasm'],
  ] as const) {
    const message = `${nowhere} lacks ${missing}. \`npm run build\` creates the missing files`;
    await expect(configureJudge(readJudgeSettings({}), { ...SURROUNDINGS, ...moved })).rejects.toThrow(
      new Error(message),
    );
  }
  rmSync(nowhere, { recursive: true });
});

describe('the environment of the judge', () => {
  const HTTP = { LIVENESS_JUDGE_URL: 'https://judge.example', LIVENESS_JUDGE_SECRET: SECRET };
  it.each([
    [{ LIVENESS_JUDGE_URL: 'https://judge.example' }, 'have to be set together'],
    [{ LIVENESS_JUDGE_SECRET: SECRET }, 'have to be set together'],
    [{ LIVENESS_JUDGE: 'http' }, 'needs LIVENESS_JUDGE_URL'],
    [{ LIVENESS_JUDGE: 'oracle' }, 'LIVENESS_JUDGE'],
    [{ LIVENESS_JUDGE_URL: 'http://judge.example', LIVENESS_JUDGE_SECRET: SECRET }, 'must be https'],
    [{ LIVENESS_JUDGE_URL: 'judge.example', LIVENESS_JUDGE_SECRET: SECRET }, 'LIVENESS_JUDGE_URL'],
    [{ ...HTTP, LIVENESS_JUDGE_URL: 'https://judge.example/v1?tenant=1' }, 'must have no query and no fragment'],
    [{ ...HTTP, LIVENESS_JUDGE_URL: 'https://judge.example/#v1' }, 'must have no query and no fragment'],
    [{ ...HTTP, LIVENESS_JUDGE_URL: 'https://user:pass@judge.example' }, 'must have no user name and no password'],
    [{ LIVENESS_JUDGE_URL: 'https://judge.example', LIVENESS_JUDGE_SECRET: 'short' }, 'LIVENESS_JUDGE_SECRET'],
    [{ LIVENESS_JUDGE_THREADS: '0' }, 'LIVENESS_JUDGE_THREADS'],
    [{ LIVENESS_JUDGE: 'none', LIVENESS_JUDGE_THREADS: '1' }, 'apply only to the default judge'],
    [{ LIVENESS_JUDGE: 'none', LIVENESS_ATTACK_MODEL: 'a.json' }, 'apply only to the default judge'],
    [{ ...HTTP, LIVENESS_ATTACK_MODEL: 'a.json' }, 'apply only to the default judge'],
    [{ LIVENESS_JUDGE_ACTIVE_MOTION: 'true' }, 'applies only to the HTTP judge'],
    [{ LIVENESS_JUDGE: 'none', LIVENESS_JUDGE_ACTIVE_MOTION: 'true' }, 'applies only to the HTTP judge'],
    [{ ...HTTP, LIVENESS_JUDGE: 'default', LIVENESS_JUDGE_ACTIVE_MOTION: 'true' }, 'applies only to the HTTP judge'],
  ] as [Record<string, string>, string][])('is refused with a reason: %j', (environment, message) => {
    return expect(configure(environment)).rejects.toThrow(message);
  });
});
