/** A judge behind real HTTP, served by the example's handler, that can misbehave on request. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { judgeHandler, type JudgeHandlerOptions } from '../../demo/server/judge/http/example/judge-handler.js';
import type { Judgement, Submission } from '../../demo/server/judge/judge.js';
import { listen } from '../listen.js';

export const SECRET = 'a secret of the tests, and long enough';

export interface JudgeServer {
  url: string;
  /** HTTP requests that the server received. */
  requests: Request[];
  /** Submissions that the handler passed to its judge. */
  submissions: Submission[];
  close(): Promise<void>;
}

type Behaviour = (request: Request, answer: () => Promise<Response>, count: number) => Promise<Response> | Response;

/** @param misbehave replaces the handler, which it can call with `answer`; `count` is 1 for the first request */
export async function startJudgeServer(
  options: Partial<JudgeHandlerOptions['judge']> & { secret?: string; now?: () => number; misbehave?: Behaviour } = {},
): Promise<JudgeServer> {
  const { secret = SECRET, misbehave, now } = options;
  const requests: Request[] = [];
  const submissions: Submission[] = [];
  const judge = {
    judge: options.judge ?? (async (submission: Submission) => judgementOn(submission)),
    examineVerifyImage: options.examineVerifyImage ?? (async () => VERIFY_FACE),
  };
  const handle = judgeHandler({
    judge: {
      ...judge,
      judge: (submission, signal) => {
        submissions.push(submission);
        return judge.judge(submission, signal);
      },
    },
    secret,
    ...(now && { now }),
  });
  const server = createAdaptorServer({
    fetch: (request) => {
      requests.push(request);
      return misbehave ? misbehave(request, () => handle(request), requests.length) : handle(request);
    },
  }) as Server;
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    submissions,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export const VERIFY_FACE = {
  faceRectangle: { top: 10, left: 20, width: 100, height: 120 },
  qualityForRecognition: 'high',
} as const;

export function judgementOn({ frames, verifyImage }: Submission): Judgement {
  return {
    livenessDecision: 'realface',
    target: { fileName: frames[1]?.fileName ?? '', faceRectangle: { top: 1, left: 2, width: 3, height: 4 } },
    modelVersionUsed: 'test-1',
    evidence: { frames: frames.map(({ bytes }) => bytes.length) },
    ...(verifyImage && { verify: { matchConfidence: 0.75, verifyImage: VERIFY_FACE } }),
  };
}
