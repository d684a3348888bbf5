/** The shared secret can be replaced in three steps without a failed request. */
import { afterEach, expect, it } from 'vitest';
import { judgeHandler } from '../../demo/server/judge/http/example/judge-handler.js';
import { httpJudge } from '../../demo/server/judge/http/http-judge.js';
import { film } from './film.js';
import { judgementOn, SECRET, startJudgeServer, VERIFY_FACE, type JudgeServer } from './judge-server.js';

const NEXT = 'the next secret of the tests, and long enough';
const judge = { judge: async () => judgementOn(film()), examineVerifyImage: async () => VERIFY_FACE };

let server: JudgeServer;
afterEach(() => server.close());

it('judgeHandler accepts secret and nextSecret, signs with the one it was asked with, and answers others 401', async () => {
  const handlers = [
    judgeHandler({ judge, secret: SECRET }),
    judgeHandler({ judge, secret: SECRET, nextSecret: NEXT }),
    judgeHandler({ judge, secret: NEXT }),
  ];
  let step = 0;
  const none = new Response(null, { status: 404 });
  server = await startJudgeServer({ misbehave: (request) => handlers[step]?.(request) ?? none });
  const asked = (secret: string) =>
    httpJudge({ url: server.url, secret, activeMotion: false, timeoutMs: 20_000 }).judge(
      film(),
      AbortSignal.timeout(60_000),
    );
  for (const secrets of [[SECRET], [SECRET, NEXT], [NEXT]]) {
    for (const secret of [SECRET, NEXT]) {
      if (secrets.includes(secret)) expect((await asked(secret)).livenessDecision).toBe('realface');
      else await expect(asked(secret)).rejects.toThrow('status 401');
    }
    step++;
  }
});
