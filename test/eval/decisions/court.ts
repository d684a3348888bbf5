/** Runs the default judge with a database of its own, in which it creates sessions as the service would. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../demo/server/database/open.js';
import type { Database } from '../../../demo/server/database/schema.js';
import { defaultJudge, type DefaultJudgeOptions } from '../../../demo/server/judge/default/default-judge.js';
import { SubmissionRefused, type Judgement } from '../../../demo/server/judge/judge.js';
import { insertSession } from '../../service/session-row.js';
import type { Captured } from './material/capture.js';
import type { Presentation } from './presentation.js';

/** Long, because a busy machine must not change the decisions that are measured here. */
const DEADLINE_MS = 300_000;
/** Assumed time from the last frame until all frames have arrived. */
const UPLOAD_MS = 3_000;

const THREAD = new URL('../../../demo/server/judge/default/thread-from-source.mjs', import.meta.url);
export const ASSETS = fileURLToPath(new URL('../../../public/liveness-assets/', import.meta.url));

export type Verdict = Judgement | { refused: string };

export class Court {
  readonly #directory: string;
  readonly #database: Database;
  readonly #judge: ReturnType<typeof defaultJudge>;

  private constructor(directory: string, database: Database, options: Partial<DefaultJudgeOptions>) {
    this.#directory = directory;
    this.#database = database;
    const patience = { waitMs: DEADLINE_MS, taskMs: DEADLINE_MS };
    this.#judge = defaultJudge({ database, thread: THREAD, assets: ASSETS, ...patience, ...options });
  }

  static async open(options: Partial<DefaultJudgeOptions> = {}): Promise<Court> {
    const directory = mkdtempSync(join(tmpdir(), 'liveness-court-'));
    return new Court(directory, await openDatabase({ file: join(directory, 'court.db') }), options);
  }

  /** Judges the earlier submissions first, each in a session of its own. */
  async decide({ captured, earlier, elapsedInMs, verifyImage }: Presentation): Promise<Verdict> {
    for (const before of earlier) await this.#decide(before, undefined, null);
    return this.#decide(captured, elapsedInMs, verifyImage ?? null);
  }

  async close(): Promise<void> {
    await this.#judge.close?.();
    await this.#database.destroy();
    rmSync(this.#directory, { recursive: true });
  }

  async #decide(
    { manifest, frames, challenge }: Captured,
    elapsedInMs: number | undefined,
    verifyImage: Uint8Array<ArrayBuffer> | null,
  ): Promise<Verdict> {
    const sessionId = await insertSession(this.#database);
    const last = Math.max(...manifest.frames.map(({ timeOffsetInMs }) => timeOffsetInMs));
    const elapsed = elapsedInMs ?? last + UPLOAD_MS;
    const submission = { manifest, frames, challenge, sessionId, elapsedInMs: elapsed, verifyImage };
    try {
      return await this.#judge.judge(submission, AbortSignal.timeout(DEADLINE_MS));
    } catch (error) {
      if (!(error instanceof SubmissionRefused)) throw error;
      return { refused: typeof error.cause === 'string' ? error.cause : error.cause.code };
    }
  }
}
