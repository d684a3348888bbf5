/**
 * An example of a judge behind HTTP, to start from: `LIVENESS_JUDGE_SECRET=… npx tsx
 * demo/server/judge/http/example/main.ts`. It follows the protocol; replace `engine` with your own.
 * `LIVENESS_JUDGE_NEXT_SECRET` is the new secret, while the secret is being replaced.
 */
import { createAdaptorServer } from '@hono/node-server';
import type { Judge } from '../../judge.js';
import { judgeHandler } from './judge-handler.js';

const secret = process.env['LIVENESS_JUDGE_SECRET'] ?? '';
const nextSecret = process.env['LIVENESS_JUDGE_NEXT_SECRET'];
const port = Number(process.env['PORT'] ?? 9090);

/** Looks at no picture, and therefore decides nothing. */
const engine: Required<Pick<Judge, 'judge' | 'examineVerifyImage'>> = {
  async judge({ manifest }) {
    const [frame] = manifest.frames;
    if (!frame) throw new Error('A submission has at least one frame');
    return {
      livenessDecision: 'uncertain',
      reason: 'ExampleJudge',
      target: { fileName: frame.fileName, faceRectangle: frame.faceRectangle },
      modelVersionUsed: 'example-1',
    };
  },
  async examineVerifyImage() {
    return 'undecodable';
  },
};

for (const one of [secret, nextSecret]) {
  if (one !== undefined && one.length < 32)
    throw new Error(
      'LIVENESS_JUDGE_SECRET, and LIVENESS_JUDGE_NEXT_SECRET if it is set, need at least 32 characters each',
    );
}
const server = createAdaptorServer({ fetch: judgeHandler({ judge: engine, secret, nextSecret }) });
server.listen(port, '127.0.0.1', () => console.log(`The example judge listens on http://127.0.0.1:${port}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.close());
