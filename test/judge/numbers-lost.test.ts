/** If the face network gives NaN, no two faces would differ, so the judge must not decide. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startedSession } from '../service/client.js';
import { manifest } from '../service/submission.js';
import { openCourt, submissionOf, type Court } from './court.js';
import { portrait } from './pictures.js';

let court: Court;
beforeAll(async () => {
  court = await openCourt({ thread: new URL('./threads/numbers-lost.mjs', import.meta.url) });
  await court.judge.ready();
});
afterAll(() => court.close());

it('a submission gets 503 JudgeUnavailable when the face network gives NaN, each time it is sent', async () => {
  const { authToken } = await startedSession(court.client);
  for (let times = 0; times < 2; times++) {
    const answer = await court.client.submit(authToken, submissionOf(manifest(1, 2), [portrait(), portrait()]));
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([503, 'JudgeUnavailable']);
  }
});

it('a verify image gets 503 JudgeUnavailable when the face network gives NaN', async () => {
  const answer = await court.client.createWithVerify(portrait());
  expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([503, 'JudgeUnavailable']);
});
