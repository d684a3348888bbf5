/** The default judge with a database of its own, and sessions as the service would have made them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../demo/server/database/open.js';
import type { Database } from '../../../demo/server/database/schema.js';
import { defaultJudge, type DefaultJudgeOptions } from '../../../demo/server/judge/default/default-judge.js';
import type { Judgement, Judge } from '../../../demo/server/judge/judge.js';
import type { Captured } from './material/capture.js';

const DEADLINE_MS = 60_000;

export const THREAD = new URL('../../../demo/server/judge/default/thread-from-source.mjs', import.meta.url);
export const ASSETS = new URL('../../../public/liveness-assets/', import.meta.url).pathname;

export interface Court {
  judge: Judge;
  /** In a session of its own. */
  decide(captured: Captured, verifyImage?: Uint8Array): Promise<Judgement>;
  close(): Promise<void>;
}

export async function openCourt(options: Partial<DefaultJudgeOptions> = {}): Promise<Court> {
  const directory = mkdtempSync(join(tmpdir(), 'liveness-court-'));
  const database = await openDatabase({ file: join(directory, 'court.db') });
  const judge = defaultJudge({ database, thread: THREAD, assets: ASSETS, ...options });
  return {
    judge,
    async decide({ manifest, frames, challenge }, verifyImage) {
      const sessionId = await addSession(database);
      const last = Math.max(...manifest.frames.map(({ timeOffsetInMs }) => timeOffsetInMs));
      const elapsedInMs = last + 3_000;
      const submission = { manifest, frames, challenge, sessionId, elapsedInMs, verifyImage: verifyImage ?? null };
      return judge.judge(submission, AbortSignal.timeout(DEADLINE_MS));
    },
    async close() {
      await judge.close?.();
      await database.destroy();
      rmSync(directory, { recursive: true });
    },
  };
}

async function addSession(database: Database): Promise<string> {
  const id = crypto.randomUUID();
  await database
    .insertInto('session')
    .values({
      id,
      with_verify: 0,
      api_version: 'v1.2',
      created_at: Date.now(),
      operation_mode: 'PassiveActive',
      send_results_to_client: 0,
      device_correlation_id_set_in_client: 0,
      token_lifetime_seconds: 600,
      auth_token: '',
      enable_session_image: 0,
      return_verify_image_hash: 0,
      attempts_started: 1,
      last_entry_id: 0,
    } as never)
    .execute();
  return id;
}
