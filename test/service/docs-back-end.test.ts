/** The back end that `docs/back-end.md` shows, copied verbatim, against the real service. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { JudgeBusy, type Judge, type Judgement } from '../../demo/server/judge/judge.js';
import { DEFAULT_LIMITS } from '../../demo/server/service/limits.js';
import { docBlock } from '../doc-block.js';
import { sha256Hex } from '../sha256-hex.js';
import { API_KEY, createClient } from './client.js';
import { startService, type RunningService } from './harness.js';
import { JPEG_HEAD, submission } from './submission.js';

interface BackEnd {
  createSession(deviceId: string, picture?: Blob): Promise<{ sessionId: string; authToken: string }>;
  deleteSession(sessionId: string): Promise<unknown>;
  readVerdict(sessionId: string, reported: { resultId: string; digest: string }): Promise<string>;
}

let service: RunningService;
let backEnd: BackEnd;
/** The same with face verification: `KIND` changed as the example explains. */
let withVerify: BackEnd;
let folder: string;
let decision: Judgement['livenessDecision'];
let verify: Judgement['verify'];
/** Has no `examineVerifyImage`, so the service accepts verify images without looking at them. */
const judge: Judge = {
  judge: async () => ({
    livenessDecision: decision,
    ...(verify && { verify }),
    target: { fileName: 'frame-000.jpg', faceRectangle: { top: 59, left: 121, width: 409, height: 395 } },
  }),
};

beforeAll(async () => {
  service = await startService('SQLite', { judge });
  const code = docBlock('docs/back-end.md', 'js back-end');
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  const load = async (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return (await import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href)) as BackEnd;
  };
  Object.assign(process.env, { LIVENESS_URL: service.url, LIVENESS_API_KEY: API_KEY });
  backEnd = await load('back-end.mjs', code);
  const kind = "const KIND = 'detectLiveness";
  expect(code).toContain(kind);
  withVerify = await load('with-verify.mjs', code.replace(kind, `${kind}WithVerify`));
});

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** Creates a session and submits to it as the element does. */
async function captured() {
  const { sessionId, authToken } = await backEnd.createSession('a-device');
  return { sessionId, ...(await submitted(authToken)) };
}

async function submitted(authToken: string, kind = 'detectLiveness') {
  const client = createClient(service.url);
  const { attemptId } = (await (await client.start(authToken)).json()) as { attemptId: number };
  const body = submission(attemptId);
  const response = await client.submit(authToken, body, {}, kind);
  expect(response.status).toBe(204);
  const digest = sha256Hex(body.bytes);
  return { authToken, resultId: response.headers.get('apim-request-id') ?? '', digest };
}

it.each([
  ['realface', 'live'],
  ['spoofface', 'spoof'],
  ['uncertain', 'undecided'],
] as const)('readVerdict turns the decision %s into %s', async (judged, verdict) => {
  decision = judged;
  const { sessionId, resultId, digest } = await captured();
  expect(await backEnd.readVerdict(sessionId, { resultId, digest })).toBe(verdict);
});

it('readVerdict fails with 404 after deleteSession', async () => {
  const { sessionId, resultId, digest } = await captured();
  await backEnd.deleteSession(sessionId);
  await expect(backEnd.readVerdict(sessionId, { resultId, digest })).rejects.toThrow('404');
});

const nothing: (sessionId: string) => Promise<void> = async () => undefined;

it('readVerdict with verify is live only if the service says that the person matches the picture', async () => {
  const image = { faceRectangle: { top: 1, left: 2, width: 3, height: 4 }, qualityForRecognition: 'high' } as const;
  const picture = new Blob([JPEG_HEAD, new Uint8Array(2000)]);
  const verdictOf = async (matchConfidence: number, decided: typeof decision = 'realface', meanwhile = nothing) => {
    decision = decided;
    verify = { matchConfidence, verifyImage: image };
    const { sessionId, authToken } = await withVerify.createSession('a-device', picture);
    const result = await submitted(authToken, 'detectLivenessWithVerify');
    await meanwhile(sessionId);
    return withVerify.readVerdict(sessionId, result);
  };
  expect(await verdictOf(0.9)).toBe('live');
  expect(await verdictOf(0.1)).toBe('anotherPerson');
  // Our service always states for a live person whether the faces match; another service might not.
  const unsaid = async (sessionId: string) => {
    const entries = service.database.updateTable('audit_entry').where('session_id', '=', sessionId);
    await entries.set({ response_body: JSON.stringify({ livenessDecision: 'realface' }) }).execute();
  };
  expect(await verdictOf(0.9, 'realface', unsaid)).toBe('anotherPerson');
  expect(await verdictOf(0.9, 'spoofface')).toBe('spoof');
  verify = undefined;
});

it('createSession requires a picture with verify and refuses one without verify', async () => {
  await expect(withVerify.createSession('a-device')).rejects.toThrow('needs a picture');
  const picture = new Blob([JPEG_HEAD, new Uint8Array(2000)]);
  await expect(backEnd.createSession('a-device', picture)).rejects.toThrow('takes no picture');
});

it('createSession with a picture waits longer than the judge may take to examine it', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  await withVerify.createSession('a-device', new Blob([JPEG_HEAD, new Uint8Array(2000)]));
  expect(timeout.mock.calls[0]?.[0]).toBeGreaterThan(DEFAULT_LIMITS.judgeMs);
  timeout.mockRestore();
});

it('createSession fails with JudgeBusy and the Retry-After of the answer when the judge is busy', async () => {
  judge.examineVerifyImage = () => Promise.reject(new JudgeBusy(7));
  const picture = new Blob([JPEG_HEAD, new Uint8Array(2000)]);
  const refused: unknown = await withVerify.createSession('a-device', picture).catch((error: unknown) => error);
  delete judge.examineVerifyImage;
  expect(String(refused)).toContain('JudgeBusy');
  expect(((refused as Error).cause as Response).headers.get('retry-after')).toBe('7');
});

it.each(['realface', 'spoofface', 'uncertain'] as const)(
  'readVerdict of %s is untrusted for another digest, another result, no result, or an earlier submission',
  async (judged) => {
    decision = judged;
    const { sessionId, resultId, digest, authToken } = await captured();
    const other = digest.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    expect(await backEnd.readVerdict(sessionId, { resultId, digest: other })).toBe('untrusted');
    expect(await backEnd.readVerdict(sessionId, { resultId: crypto.randomUUID(), digest })).toBe('untrusted');
    expect(await backEnd.readVerdict(sessionId, {} as { resultId: string; digest: string })).toBe('untrusted');
    const empty = await backEnd.createSession('another-device');
    expect(await backEnd.readVerdict(empty.sessionId, { resultId, digest })).toBe('untrusted');
    await submitted(authToken);
    expect(await backEnd.readVerdict(sessionId, { resultId, digest }), 'a later submission has come').toBe('untrusted');
  },
);

it('createSession, readVerdict and deleteSession fail with 401 when the service does not know the API key', async () => {
  decision = 'realface';
  const { sessionId, resultId, digest } = await captured();
  process.env['LIVENESS_API_KEY'] = 'another-key-of-somebody';
  await expect(backEnd.createSession('a-device')).rejects.toThrow('401');
  await expect(backEnd.readVerdict(sessionId, { resultId, digest })).rejects.toThrow('401');
  await expect(backEnd.deleteSession(sessionId)).rejects.toThrow('401');
  process.env['LIVENESS_API_KEY'] = API_KEY;
});
