/** Pictures that were sent before, by their fingerprints: kept as long as their session, in the service's database. */
import type { Database } from '../../database/schema.js';
import type { FrameFacts } from './analysis.js';
import { isSamePicture, lookupKeys } from './fingerprint.js';

/** A frame of this submission that another attempt had before. */
export interface Sighting {
  fileName: string;
  /** Names the other attempt, such as `<session id>/1`. */
  attempt: string;
  otherFileName: string;
  /** True: the very same file. */
  exact: boolean;
}

export interface AttemptName {
  sessionId: string;
  attemptId: number;
}

export interface FrameMemory {
  /**
   * Remembers the frames, then looks for them elsewhere: of two attempts that send one picture at the same time, at
   * least one sees the other.
   *
   * @param now milliseconds since the epoch
   */
  meet(attempt: AttemptName, frames: readonly FrameFacts[], now: number): Promise<Sighting[]>;
}

/** Candidates looked at for one submission. More than this share a key only where somebody sends one picture on and on. */
const MOST_CANDIDATES = 5_000;

export function frameMemory(database: Database): FrameMemory {
  return {
    async meet(attempt, frames, now) {
      const known = frames.flatMap(({ fileName, sha256, fingerprint }) =>
        fingerprint ? [{ fileName, sha256, fingerprint }] : [],
      );
      if (known.length === 0) return [];
      await remember(database, attempt, known, now);
      const others = await candidates(database, attempt, known, now);
      return known.flatMap(({ fileName, sha256, fingerprint }) =>
        others
          .filter((other) => other.sha256 === sha256 || isSamePicture(other, fingerprint))
          .map((other) => ({
            fileName,
            attempt: `${other.session_id}/${other.attempt_id}`,
            otherFileName: other.file_name,
            exact: other.sha256 === sha256,
          })),
      );
    },
  };
}

interface KnownFrame extends Pick<FrameFacts, 'fileName' | 'sha256'> {
  fingerprint: NonNullable<FrameFacts['fingerprint']>;
}

/** A submission that is sent again takes the place of what was sent before. */
async function remember(database: Database, attempt: AttemptName, frames: readonly KnownFrame[], now: number) {
  const name = { session_id: attempt.sessionId, attempt_id: attempt.attemptId };
  await database.transaction().execute(async (transaction) => {
    for (const table of ['seen_frame', 'seen_frame_key'] as const) {
      await transaction
        .deleteFrom(table)
        .where('session_id', '=', attempt.sessionId)
        .where('attempt_id', '=', attempt.attemptId)
        .execute();
    }
    await transaction
      .insertInto('seen_frame')
      .values(
        frames.map(({ fileName, sha256, fingerprint }) => ({
          ...name,
          file_name: fileName,
          seen_at: now,
          sha256,
          whole: fingerprint.whole,
          face: fingerprint.face,
        })),
      )
      .execute();
    await transaction
      .insertInto('seen_frame_key')
      .values(
        frames.flatMap(({ fileName, fingerprint }) =>
          lookupKeys(fingerprint).map((key) => ({ ...name, file_name: fileName, key })),
        ),
      )
      .execute();
  });
}

/** Found by an index on the keys; a frame that shares several of them is found once. */
function candidates(database: Database, attempt: AttemptName, frames: readonly KnownFrame[], now: number) {
  const keys = [...new Set(frames.flatMap(({ fingerprint }) => lookupKeys(fingerprint)))];
  return database
    .selectFrom('seen_frame_key')
    .innerJoin('seen_frame', (join) =>
      join
        .onRef('seen_frame.session_id', '=', 'seen_frame_key.session_id')
        .onRef('seen_frame.attempt_id', '=', 'seen_frame_key.attempt_id')
        .onRef('seen_frame.file_name', '=', 'seen_frame_key.file_name'),
    )
    .selectAll('seen_frame')
    .distinct()
    .where('seen_frame_key.key', 'in', keys)
    .where('seen_frame.seen_at', '<=', now)
    .where((where) =>
      where.or([
        where('seen_frame.session_id', '!=', attempt.sessionId),
        where('seen_frame.attempt_id', '!=', attempt.attemptId),
      ]),
    )
    .limit(MOST_CANDIDATES)
    .execute();
}
