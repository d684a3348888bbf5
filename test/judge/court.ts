/** The whole service with the default judge, and submissions of given pictures as the element would make them. */
import { openDatabase } from '../../demo/server/database/open.js';
import { analyse } from '../../demo/server/judge/default/analyse.js';
import { defaultJudge, type DefaultJudgeOptions } from '../../demo/server/judge/default/default-judge.js';
import { loadEmbedder } from '../../demo/server/judge/default/embedder.js';
import type { Evidence } from '../../demo/server/judge/default/evidence/evidence.js';
import type { Models } from '../../demo/server/judge/default/frame.js';
import { loadLandmarker } from '../../demo/server/judge/default/landmarker.js';
import type { CaptureManifest, LivenessResponseBody } from '../../src/protocol/wire.js';
import { createClient, startedSession, type Submission } from '../service/client.js';
import { createTestDatabase, startService } from '../service/harness.js';
import { form, manifest } from '../service/submission.js';
import { ASSETS, THREAD } from './judge.js';

/** Time limit for the judge, long enough for a busy machine. */
const PATIENCE_MS = 100_000;

export type Picture = Uint8Array<ArrayBuffer>;

export async function openCourt(options: Partial<DefaultJudgeOptions> = {}) {
  const { location, remove } = await createTestDatabase('SQLite');
  const database = await openDatabase(location);
  const lost: string[] = [];
  const onThreadLost = (error: Error) => lost.push(error.message);
  const given = { database, thread: THREAD, assets: ASSETS, threads: 1, onThreadLost };
  const judge = defaultJudge({ ...given, waitMs: PATIENCE_MS, taskMs: PATIENCE_MS, ...options });
  const running = await startService('SQLite', { judge, limits: { judgeMs: PATIENCE_MS } }, location);
  const client = createClient(running.url);
  return {
    client,
    judge,
    /** Submits to a new session. @returns the answer that the audit records */
    async decide(submission: Submission): Promise<LivenessResponseBody & { evidence?: { findings: Evidence[] } }> {
      const { sessionId, authToken } = await startedSession(client);
      await client.submit(authToken, submission);
      const [entry] = await client.audit(sessionId);
      if (!entry) throw new Error('The submission is not in the audit');
      return entry.response.body as LivenessResponseBody;
    },
    /** Error messages of threads that were lost. */
    lost,
    async close() {
      await running.close();
      await judge.close();
      await database.destroy();
      await remove();
    },
  };
}

export type Court = Awaited<ReturnType<typeof openCourt>>;

/** A submission of frames 200 ms apart, all taken during the hold, with a true manifest. */
export async function truthfulSubmission(pictures: readonly Picture[], verifyImage?: Picture): Promise<Submission> {
  return submissionOf(await truthfulManifest(pictures), pictures, verifyImage);
}

export function submissionOf(told: CaptureManifest, pictures: readonly Picture[], verifyImage?: Picture): Submission {
  return form([
    { name: 'manifest', type: 'application/json', body: JSON.stringify(told) },
    ...pictures.map((body, index) => ({
      name: 'frame',
      fileName: told.frames[index]?.fileName ?? '',
      type: 'image/jpeg',
      body,
    })),
    ...(verifyImage ? [{ name: 'VerifyImage', fileName: 'verify', type: 'image/jpeg', body: verifyImage }] : []),
  ]);
}

export async function truthfulManifest(pictures: readonly Picture[]): Promise<CaptureManifest> {
  const told = manifest(1, pictures.length);
  const sent = pictures.map((bytes, index) => ({ fileName: told.frames[index]?.fileName ?? '', bytes }));
  const analysis = await analyse({ frames: sent, verifyImage: null }, await loadModels());
  if (!('frames' in analysis)) throw new Error(`The pictures are refused: ${JSON.stringify(analysis)}`);
  return {
    ...told,
    frames: told.frames.map((frame, index) => {
      const face = analysis.frames[index]?.face;
      if (!face) throw new Error(`${frame.fileName} shows no face`);
      const measurements = { ...frame.measurements, ...face.pose };
      return {
        ...frame,
        timeOffsetInMs: index * 200,
        faceRectangle: face.rectangle,
        points: face.points,
        measurements,
      };
    }),
  };
}

let models: Promise<Models> | undefined;

/** Loads the models that a judge's thread uses into this process, once for all callers. */
export function loadModels(): Promise<Models> {
  const load = async () => ({
    attackModel: null,
    landmarker: await loadLandmarker(ASSETS),
    embedder: await loadEmbedder(),
  });
  return (models ??= load());
}
