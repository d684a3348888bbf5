/**
 * Records submissions of real sessions for `npm run eval:decisions -- --bonafide DIR --attack DIR`: an HTTP judge that
 * stores each submission in a directory and decides nothing. It keeps faces, so everyone filmed has to know and agree.
 *
 *     LIVENESS_JUDGE_SECRET=… node scripts/run.mjs test/eval/decisions/record.ts DIR [person]
 *
 * Start the service with the same secret, LIVENESS_JUDGE_URL=http://127.0.0.1:9090 and
 * LIVENESS_JUDGE_ACTIVE_MOTION=true.
 */
import { createAdaptorServer } from '@hono/node-server';
import { join } from 'node:path';
import { judgeHandler, type JudgeHandlerOptions } from '../../../demo/server/judge/http/example/judge-handler.js';
import { captureManifest } from '../../../demo/server/service/schemas/client.js';
import type { Submission } from '../../../demo/server/judge/judge.js';
import { writePresentation } from './dataset.js';
import type { Captured } from './material/capture.js';

/** @param person name of the person filmed, for the comparison with verify images; null if not stated */
export function recorder(directory: string, person: string | null): JudgeHandlerOptions['judge'] {
  return {
    async judge(submission) {
      const { sessionId, elapsedInMs, verifyImage } = submission;
      const captured = checked(submission);
      writePresentation(join(directory, `${sessionId}-${captured.manifest.attemptId}`), {
        captured,
        earlier: [],
        elapsedInMs,
        ...(person === null ? {} : { person }),
        ...(verifyImage === null ? {} : { verifyImage: new Uint8Array(verifyImage) }),
      });
      const [frame] = captured.manifest.frames;
      const nowhere = { top: 0, left: 0, width: 0, height: 0 };
      return {
        livenessDecision: 'uncertain',
        reason: 'Recorded',
        target: { fileName: frame?.fileName ?? '', faceRectangle: frame?.faceRectangle ?? nowhere },
        ...(verifyImage === null
          ? {}
          : { verify: { matchConfidence: 0, verifyImage: { faceRectangle: nowhere, qualityForRecognition: 'low' } } }),
      };
    },
    async examineVerifyImage() {
      return { faceRectangle: { top: 0, left: 0, width: 1, height: 1 }, qualityForRecognition: 'low' };
    },
  };
}

/** File names come from the sender: only those listed in a valid manifest are written. */
function checked({ manifest, frames, challenge, sessionId }: Submission): Captured {
  if (!/^[0-9a-f-]{36}$/.test(sessionId)) throw new Error('The session has no id');
  const read = captureManifest.parse(manifest) as Captured['manifest'];
  const named = new Set(read.frames.map(({ fileName }) => fileName));
  return { manifest: read, frames: frames.filter(({ fileName }) => named.has(fileName)), challenge };
}

function main(): void {
  const [directory, person = null] = process.argv.slice(2);
  const secret = process.env.LIVENESS_JUDGE_SECRET ?? '';
  const port = Number(process.env.PORT ?? 9090);
  if (!directory) throw new Error('Say in which directory to keep what is recorded');
  if (secret.length < 32) throw new Error('LIVENESS_JUDGE_SECRET has to be 32 characters or more');
  const server = createAdaptorServer({ fetch: judgeHandler({ judge: recorder(directory, person), secret }) });
  server.listen(port, '127.0.0.1', () => console.log(`Recording to ${directory}, on http://127.0.0.1:${port}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

if (process.argv[1]?.endsWith('record.ts')) main();
