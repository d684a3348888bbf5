/** Correctly signed answers of a judge behind HTTP: which are accepted, which rejected, and with what message. */
import { afterEach, expect, it } from 'vitest';
import { httpJudge } from '../../demo/server/judge/http/http-judge.js';
import { REQUEST_ID_HEADER, sign, SIGNATURE_HEADER } from '../../demo/server/judge/http/signature.js';
import { SubmissionRefused } from '../../demo/server/judge/judge.js';
import { readExamination, readJudgement, readRefusal } from '../../demo/server/judge/judgement.js';
import { film } from './film.js';
import { judgementOn, SECRET, startJudgeServer, VERIFY_FACE, type JudgeServer } from './judge-server.js';

let server: JudgeServer;
afterEach(() => server.close());

async function judgeThatSays(status: number, json: unknown) {
  server = await startJudgeServer({ misbehave: (request) => signed(request, status, JSON.stringify(json)) });
  return httpJudge({ url: server.url, secret: SECRET, activeMotion: false, timeoutMs: 20_000 });
}

function signed(request: Request, status: number, text: string): Response {
  const body = new TextEncoder().encode(text);
  const requestId = request.headers.get(REQUEST_ID_HEADER) ?? '';
  const signature = sign(SECRET, { direction: 'response', requestId, body }, Date.now());
  return new Response(body, { status, headers: { [SIGNATURE_HEADER]: signature } });
}

const soon = (): AbortSignal => AbortSignal.timeout(60_000);

it('null in an optional field of a judgement is read as a missing field', async () => {
  const { livenessDecision, target } = judgementOn(film());
  const nothing = { reason: null, modelVersionUsed: null, verify: null, evidence: null };
  const judge = await judgeThatSays(200, { livenessDecision, target, ...nothing });
  const read = readJudgement(await judge.judge(film(), soon()), film());
  expect(JSON.parse(JSON.stringify(read))).toEqual({ livenessDecision, target });
});

/** The judge's refusal as the service reads it. */
async function refusalBy(judge: ReturnType<typeof httpJudge>): Promise<SubmissionRefused> {
  const thrown = await judge.judge(film(), soon()).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(SubmissionRefused);
  return readRefusal(thrown as SubmissionRefused, film());
}

const refusedFrame = (code: unknown) => ({ refused: { fileName: 'frame-001.jpg', code } });

it.each(['ImageDamaged', 'ImageTooDark2', `Image${'a'.repeat(59)}`])(
  'a refusal of a frame with code %s is passed on',
  async (code) => {
    const judge = await judgeThatSays(422, refusedFrame(code));
    expect((await refusalBy(judge)).cause).toEqual({ fileName: 'frame-001.jpg', code });
  },
);

it.each<[unknown, string]>([
  // The first two codes are the service's own, and the element acts on them.
  [refusedFrame('TokenExpired'), '→ at refused.code'],
  [refusedFrame('AttemptsExhausted'), '→ at refused.code'],
  [refusedFrame('Image'), '→ at refused.code'],
  [refusedFrame('Image-Damaged'), '→ at refused.code'],
  [refusedFrame(`Image${'a'.repeat(60)}`), '→ at refused.code'],
  [{ refused: { code: 'ImageDamaged' } }, '→ at refused.fileName'],
  [{ refused: 'tooDark' }, '→ at refused'],
  [{ refused: 'noFace' }, 'none was sent'],
  [{}, '→ at refused'],
  [null, '→ at refused'],
])('the refusal %j is rejected with what is wrong with it', async (json, words) => {
  const judge = await judgeThatSays(422, json);
  await expect(refusalBy(judge)).rejects.toThrow(words);
});

it.each<[unknown, string]>([
  [{ faceRectangle: VERIFY_FACE.faceRectangle }, '→ at qualityForRecognition'],
  [{ ...VERIFY_FACE, faceRectangle: { ...VERIFY_FACE.faceRectangle, top: 1.5 } }, '→ at faceRectangle.top'],
  [{ refused: 'tooDark' }, '→ at refused'],
  [7, 'expected object'],
])('the examination %j of a verify image is rejected with what is wrong with it', async (json, words) => {
  const judge = await judgeThatSays(200, json);
  const answer = await judge.examineVerifyImage?.(new Uint8Array(3), soon());
  expect(() => readExamination(answer)).toThrow(words);
});

it('an examination of a verify image with refused: null is accepted', async () => {
  const judge = await judgeThatSays(200, { ...VERIFY_FACE, refused: null });
  expect(readExamination(await judge.examineVerifyImage?.(new Uint8Array(3), soon()))).toEqual(VERIFY_FACE);
});
