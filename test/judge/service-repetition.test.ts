/** A submission sent again is not judged again, and its ids connect audit, log and judge. */
import { afterEach, expect, it } from 'vitest';
import { httpJudge } from '../../demo/server/judge/http/http-judge.js';
import { createClient, startedSession } from '../service/client.js';
import { startService, type RunningService } from '../service/harness.js';
import { form, jpegOf, manifest, submission, submissionParts } from '../service/submission.js';
import { sha256Hex } from '../sha256-hex.js';
import { SECRET, startJudgeServer, type JudgeServer } from './judge-server.js';

let [server, service]: [JudgeServer?, RunningService?] = [];
afterEach(async () => {
  await service?.close();
  await server?.close();
});

/** @param lost how many of the judge's first answers are replaced by a 503 */
async function start(lost: number) {
  const running = await startJudgeServer({
    misbehave: async (_, answer, count) => {
      const response = await answer();
      return count <= lost ? new Response(null, { status: 503 }) : response;
    },
  });
  server = running;
  const judge = httpJudge({
    url: running.url,
    secret: SECRET,
    activeMotion: false,
    timeoutMs: 20_000,
    retryAfterMs: [1, 1],
  });
  service = await startService('SQLite', { judge });
  return { judge: running, client: createClient(service.url), log: service.log };
}

const idOf = (...of: string[]) => sha256Hex(of.join('.'));

const headerOf = ({ requests }: JudgeServer, name: string) => requests.map(({ headers }) => headers.get(name));

it('a submission sent again after a 503 is judged once, though it comes under another request id', async () => {
  const { judge, client, log } = await start(3);
  const { sessionId, authToken } = await startedSession(client);
  const film = submission();
  const first = await client.submit(authToken, film);
  const second = await client.submit(authToken, film);
  expect([first.status, second.status]).toEqual([503, 204]);
  expect(judge.submissions).toHaveLength(1);
  const [busy, decided] = [first, second].map(({ headers }) => headers.get('apim-request-id'));
  expect(headerOf(judge, 'apim-request-id')).toEqual([busy, busy, busy, decided]);
  const retried = { level: 'info', event: 'judge-retried', requestId: busy, sessionId };
  const line = { ...retried, milliseconds: expect.any(Number), error: 'Error: The judge answered with status 503' };
  expect(log.filter(({ event }) => event === 'judge-retried')).toEqual([line, line]);
  const entries = await client.audit(sessionId);
  expect(entries).toMatchObject([{ requestId: busy }, { requestId: decided }]);
  const ids = entries.map(({ digest, request }) => idOf(sessionId, digest, request.contentType));
  expect(new Set(headerOf(judge, 'liveness-request-id'))).toEqual(new Set(ids));
  expect(new Set(ids).size).toBe(1);
});

it('other pictures of the same attempt, and the same pictures of another session, are judged anew', async () => {
  const { judge, client } = await start(3);
  const { authToken } = await startedSession(client);
  await client.submit(authToken, submission());
  await client.submit(authToken, form(submissionParts(manifest(), 65)));
  const { authToken: other } = await startedSession(client);
  await client.submit(other, submission());
  expect(judge.submissions).toHaveLength(3);
  expect(new Set(headerOf(judge, 'liveness-request-id')).size).toBe(3);
});

it('the same body with another multipart boundary, which finds other pictures in it, is judged anew', async () => {
  const { judge, client } = await start(3);
  const { authToken } = await startedSession(client);
  const films = [64, 65].map((bytes) => form(submissionParts(manifest(), bytes)));
  const bytes = new Uint8Array(Buffer.concat(films.flatMap((film) => [film.bytes, Buffer.from('\r\n')])));
  const statuses = [];
  for (const { contentType } of films) statuses.push((await client.submit(authToken, { contentType, bytes })).status);
  expect(statuses).toEqual([503, 204]);
  expect(judge.submissions.map(({ frames }) => frames[0]?.bytes.length)).toEqual([68, 69]);
});

it('the examination of a verify image tells the judge the service’s request id', async () => {
  const { judge, client } = await start(0);
  const created = await client.createWithVerify(jpegOf(Buffer.alloc(2000)));
  expect(created.status).toBe(200);
  expect(headerOf(judge, 'apim-request-id')).toEqual([created.headers.get('apim-request-id')]);
});
