/** A judge that fails or answers nonsense, and a service that fails itself: the audit has each failure as answered. */
import { afterEach, expect, it } from 'vitest';
import { httpJudge } from '../../demo/server/judge/http/http-judge.js';
import { JudgeBusy, SubmissionRefused, type Judgement } from '../../demo/server/judge/judge.js';
import { noJudge } from '../../demo/server/judge/none.js';
import type { ServiceOptions } from '../../demo/server/service/index.js';
import { freePort } from '../free-port.js';
import { createClient, startedSession, type CreatedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { jpegOf, submission } from './submission.js';

const DECISION: Judgement = {
  livenessDecision: 'realface',
  target: { fileName: 'frame-000.jpg', faceRectangle: { top: 1, left: 2, width: 3, height: 4 } },
};

const VERIFY_FACE = { faceRectangle: DECISION.target.faceRectangle, qualityForRecognition: 'high' } as const;

const FRAME = 'frame-000.jpg';
const VERIFY_IMAGE = jpegOf(Buffer.alloc(2000));
const WITH_VERIFY = 'detectLivenessWithVerify';
const SECRET = 'a secret of the tests, and long enough';

let service: RunningService;
afterEach(() => service.close());

async function start(options: Partial<ServiceOptions> = {}) {
  service = await startService('SQLite', options);
  const client = createClient(service.url);
  const { sessionId, authToken } = await startedSession(client);
  return {
    sessionId,
    async submit(): Promise<[number, unknown]> {
      const answer = await client.submit(authToken, submission());
      return [answer.status, answer.status === 204 ? null : await answer.json()];
    },
    audit: () => client.audit(sessionId),
  };
}

it.each<[string, () => Judgement, number, string]>([
  ['503 for a judgement without a frame', () => ({ ...DECISION, target: undefined }) as never, 503, 'JudgeUnavailable'],
  [
    '503 for evidence that cannot be written down',
    () => ({ ...DECISION, evidence: nested(300_000) }),
    503,
    'JudgeUnavailable',
  ],
  ['400 for a refusal of a frame', () => refuse(FRAME, 'ImageDamaged'), 400, 'ImageDamaged'],
  // The element would take this code for the service's own, and ask for another token.
  ['503 for a refusal under a code of the service', () => refuse(FRAME, 'TokenExpired'), 503, 'JudgeUnavailable'],
  ['503 for a refusal of a frame that was not sent', () => refuse('nothing', 'ImageDamaged'), 503, 'JudgeUnavailable'],
  ['503 for a refusal of a verify image that was not sent', () => refuse('noFace'), 503, 'JudgeUnavailable'],
])('the service answers and audits %s', async (_, judge, status, code) => {
  const { submit, audit } = await start({ judge: { judge: async () => judge() } });
  expect(await submit()).toMatchObject([status, { error: { code } }]);
  expect(await audit()).toMatchObject([{ response: { statusCode: status, body: { error: { code } } } }]);
});

it('the service answers a refusal of a frame with its file name and the judge’s message', async () => {
  const { submit } = await start({ judge: { judge: async () => refuse(FRAME, 'ImageDamaged') } });
  expect(await submit()).toEqual([400, { error: { code: 'ImageDamaged', message: `${FRAME}: As the tests want.` } }]);
});

it.each<[string, (image: Uint8Array) => Promise<never>, string]>([
  ['with an unknown reason', async () => 'tooDark' as never, '→ at refused'],
  ['as if it were a frame', async () => refuse(FRAME, 'TokenExpired'), 'SubmissionRefused'],
])(
  'the service creates no session (503) when the judge refuses a verify image %s',
  async (_, examineVerifyImage, logged) => {
    service = await startService('SQLite', { judge: { ...noJudge, examineVerifyImage } });
    const created = await createClient(service.url).createWithVerify(VERIFY_IMAGE);
    expect([created.status, await created.json()]).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
    expect(service.log.find(({ event }) => event === 'judge-failed')?.['error']).toContain(logged);
  },
);

it.each<[string, object, string]>([
  ['no decision', { livenessDecision: undefined }, '→ at livenessDecision'],
  ['an unknown decision', { livenessDecision: 'real' }, '→ at livenessDecision'],
  ['a frame that was not sent', { target: { ...DECISION.target, fileName: 'frame-007.jpg' } }, 'was not sent'],
  ['no face rectangle', { target: { fileName: 'frame-000.jpg' } }, '→ at target.faceRectangle'],
  ['a reason that is too long', { reason: 'a'.repeat(65) }, '→ at reason'],
  ['a version that is not a string', { modelVersionUsed: 4.2 }, '→ at modelVersionUsed'],
  ['a confidence above 1', { verify: { matchConfidence: 1.5, verifyImage: VERIFY_FACE } }, '→ at verify'],
  ['a confidence that is not a number', { verify: { matchConfidence: NaN, verifyImage: VERIFY_FACE } }, '→ at verify'],
  ['evidence that is not an object', { evidence: 'none' }, '→ at evidence'],
])('the service answers 503 and keeps the attempt open when the judge’s answer has %s', async (_, change, logged) => {
  const said: object[] = [{ ...DECISION, ...change }, DECISION];
  const { submit, audit } = await start({ judge: { judge: async () => said.shift() as Judgement } });
  const error = { code: 'JudgeUnavailable' };
  expect(await submit()).toMatchObject([503, { error }]);
  expect(service.log.find(({ event }) => event === 'judge-failed')?.['error']).toContain(logged);
  expect(await submit()).toEqual([204, null]);
  const [first] = await audit();
  expect(first).toMatchObject({ response: { statusCode: 503, body: { error } } });
});

it('the service answers 503 in a session with verify when the judge finds realface but does not compare', async () => {
  const said = [DECISION, { ...DECISION, verify: { matchConfidence: 0.9, verifyImage: VERIFY_FACE } }];
  service = await startService('SQLite', { judge: { judge: async () => said.shift() as Judgement } });
  const client = createClient(service.url);
  const { authToken } = (await (await client.createWithVerify(VERIFY_IMAGE)).json()) as CreatedSession;
  await client.start(authToken);
  const answers = [];
  for (let i = 0; i < 2; i++) answers.push((await client.submit(authToken, submission(), {}, WITH_VERIFY)).status);
  expect(answers).toEqual([503, 204]);
});

it.each([
  [NaN, '5'],
  [-1, '1'],
  [0.2, '1'],
  [Infinity, '20'],
])(
  'the service answers 503 with Retry-After for a judge that is busy for %d seconds: %s',
  async (seconds, retryAfter) => {
    service = await startService('SQLite', { judge: { judge: () => Promise.reject(new JudgeBusy(seconds)) } });
    const client = createClient(service.url);
    const { authToken } = await startedSession(client);
    const answer = await client.submit(authToken, submission());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, retryAfter]);
  },
);

it.each<[string, () => never]>([
  ['is busy', () => fail(new JudgeBusy(1))],
  ['fails', () => fail(new Error('out of memory'))],
  ['refuses a frame', () => refuse(FRAME, 'ImageDamaged')],
])('a repeated submission gets the decision of the first when the judge %s for it alone', async (_, outcome) => {
  const [both, first] = [signal(), signal()];
  let asked = 0;
  const judge = async () => {
    if (++asked === 1) {
      await both.given;
      return DECISION;
    }
    both.give();
    await first.given;
    return outcome();
  };
  service = await startService('SQLite', { judge: { judge } });
  const client = createClient(service.url);
  const { sessionId, authToken } = await startedSession(client);
  const body = submission();
  const submit = async () => {
    const answer = await client.submit(authToken, body, { 'client-request-id': 'again' });
    first.give();
    return [answer.status, answer.headers.get('apim-request-id')];
  };
  const [one, other] = await Promise.all([submit(), submit()]);
  expect(one).toEqual([204, expect.any(String)]);
  expect(other).toEqual(one);
  expect((await client.audit(sessionId)).map(({ requestId }) => requestId)).toEqual([one?.[1]]);
});

it('the service does not abort a judge that has answered, neither at its time limit nor at its own end', async () => {
  const signals: AbortSignal[] = [];
  const judge = async (_: unknown, signal: AbortSignal) => {
    signals.push(signal);
    return DECISION;
  };
  const { submit } = await start({ judge: { judge }, limits: { judgeMs: 150 } });
  expect(await submit()).toEqual([204, null]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await service.service.end();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('the service logs the request, the session and the cause when the judge cannot be reached', async () => {
  const port = await freePort();
  const judge = httpJudge({ url: `http://127.0.0.1:${port}`, secret: SECRET, activeMotion: false, retryAfterMs: [] });
  const { sessionId, submit, audit } = await start({ judge });
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  const [{ requestId } = { requestId: '' }] = await audit();
  const [line] = service.log.filter(({ event }) => event === 'judge-failed');
  expect(line).toMatchObject({ level: 'error', requestId, sessionId });
  expect(line?.['error']).toBe(`TypeError: fetch failed: Error: connect ECONNREFUSED 127.0.0.1:${port}`);
});

it('the service logs all causes of a judge’s failure, in at most 1000 characters', async () => {
  const cause: Error = new AggregateError([new Error('no IPv6'), new Error('no IPv4')]);
  const error = new Error('outer', { cause });
  const judge = async () => Promise.reject(error);
  const { submit } = await start({ judge: { judge } });
  cause.cause = error;
  await submit();
  const words = service.log.find(({ event }) => event === 'judge-failed')?.['error'];
  expect(words).toMatch(/^Error: outer: AggregateError: Error: no IPv6: Error: no IPv4: Error: outer/);
  expect(String(words).length).toBeLessThanOrEqual(1000);
});

it.each<[string, unknown, string]>([
  ['a string', 'out of memory', 'out of memory'],
  ['an object', { code: 'ENOMODEL', message: 'no such file', secret: SECRET }, 'ENOMODEL no such file'],
  ['an object without a message', Object.create(null), 'an object'],
  ['null', null, 'null'],
])('the service logs what a judge throws when it is %s and no Error', async (_, cause, words) => {
  const thrown = [cause, new Error('outer', { cause })];
  const { submit } = await start({ judge: { judge: async () => Promise.reject(thrown.shift() as Error) } });
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  const lines = service.log.filter(({ event }) => event === 'judge-failed');
  expect(lines.map(({ error }) => error)).toEqual([words, `Error: outer: ${words}`]);
});

it('the service answers 500, audits it and logs it when it cannot read its own attempt', async () => {
  const { sessionId, submit, audit } = await start();
  await service.database.updateTable('attempt').set({ directions: 'none' }).execute();
  const error = { code: 'Unspecified', message: 'Internal server error' };
  expect(await submit()).toEqual([500, { error }]);
  expect(await audit()).toMatchObject([{ response: { statusCode: 500, body: { error } } }]);
  expect(service.log).toContainEqual(expect.objectContaining({ level: 'error', event: 'unexpected', sessionId }));
});

function nested(depth: number): Record<string, unknown> {
  let value = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}

function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

function fail(error: Error): never {
  throw error;
}

function refuse(what: string, code?: string): never {
  const cause = code === undefined ? (what as 'noFace') : { fileName: what, code };
  throw new SubmissionRefused(cause, 'As the tests want.');
}
