/** Pictures that were sent before, by their fingerprints: kept as long as their session, in the service's database. */
import type { ExpressionBuilder } from 'kysely';
import type { Database, SeenFrameTable, Tables } from '../../database/schema.js';
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

/** Looked at for one submission. More than this are found only where somebody sends one picture on and on. */
const MOST_CANDIDATES = 5_000;
/** Looked through for them. The same share for each key: what tells a copy are those that few pictures have. */
const MOST_KEY_ROWS = 50_000;

export function frameMemory(database: Database): FrameMemory {
  return {
    async meet(attempt, frames, now) {
      const known = frames.flatMap(({ fileName, sha256, fingerprint }) =>
        fingerprint ? [{ fileName, sha256, fingerprint }] : [],
      );
      if (known.length === 0) return [];
      await remember(database, attempt, known, now);
      const files = await sameFiles(database, attempt, known);
      const others = await candidates(database, attempt, known);
      return known.flatMap(({ fileName, sha256, fingerprint }) => [
        ...files.filter((other) => other.sha256 === sha256).map((other) => sighting(fileName, other, true)),
        ...others
          .filter((other) => other.sha256 !== sha256 && isSamePicture(other, fingerprint))
          .map((other) => sighting(fileName, other, false)),
      ]);
    },
  };
}

interface KnownFrame extends Pick<FrameFacts, 'fileName' | 'sha256'> {
  fingerprint: NonNullable<FrameFacts['fingerprint']>;
}

function sighting(fileName: string, other: SeenFrameTable, exact: boolean): Sighting {
  return { fileName, attempt: `${other.session_id}/${other.attempt_id}`, otherFileName: other.file_name, exact };
}

/** Adds to what the attempt sent before: what was replaced could be sent again elsewhere. */
async function remember(database: Database, attempt: AttemptName, frames: readonly KnownFrame[], now: number) {
  const name = { session_id: attempt.sessionId, attempt_id: attempt.attemptId };
  // Always in one order: two that insert the same rows at once wait for each other, but not in a circle.
  const ordered = [...frames].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('seen_frame')
      .values(
        ordered.map(({ fileName, sha256, fingerprint }) => ({
          ...name,
          sha256,
          file_name: fileName,
          seen_at: now,
          whole: fingerprint.whole,
          face: fingerprint.face,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await transaction
      .insertInto('seen_frame_key')
      .values(
        ordered.flatMap(({ sha256, fingerprint }) => lookupKeys(fingerprint).map((key) => ({ ...name, sha256, key }))),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** Found by an index of their own, however many look alike: one is enough for an attack. */
function sameFiles(database: Database, attempt: AttemptName, frames: readonly KnownFrame[]) {
  return database
    .selectFrom('seen_frame')
    .selectAll()
    .where(
      'sha256',
      'in',
      frames.map(({ sha256 }) => sha256),
    )
    .where(isOfAnother(attempt))
    .limit(MOST_CANDIDATES)
    .execute();
}

/** Found by an index on the keys. Those that share the most come first: a copy shares nearly all, a room some. */
async function candidates(database: Database, attempt: AttemptName, frames: readonly KnownFrame[]) {
  const keys = [...new Set(frames.flatMap(({ fingerprint }) => lookupKeys(fingerprint)))];
  // SQLite takes 500 selects in one: enough for the keys of the most frames a manifest may list.
  const [first, ...others] = keys.map((key) => rowsOf(key, Math.ceil(MOST_KEY_ROWS / keys.length)));
  if (!first) return [];
  return database
    .selectFrom(others.reduce((all, rows) => all.unionAll(rows), first).as('shared'))
    .innerJoin('seen_frame', (join) =>
      join
        .onRef('seen_frame.session_id', '=', 'shared.session_id')
        .onRef('seen_frame.attempt_id', '=', 'shared.attempt_id')
        .onRef('seen_frame.sha256', '=', 'shared.sha256'),
    )
    .selectAll('seen_frame')
    .groupBy(['seen_frame.session_id', 'seen_frame.attempt_id', 'seen_frame.sha256'])
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .limit(MOST_CANDIDATES)
    .execute();

  /** One within the other: a select with a limit cannot be joined to others as it is. */
  function rowsOf(key: string, most: number) {
    const rows = database
      .selectFrom('seen_frame_key')
      .select(['session_id', 'attempt_id', 'sha256'])
      .where('key', '=', key)
      .where(isOfAnother(attempt))
      .limit(most);
    return database.selectFrom(rows.as('rows')).selectAll();
  }
}

function isOfAnother({ sessionId, attemptId }: AttemptName) {
  return ({ or, eb }: ExpressionBuilder<Tables, 'seen_frame' | 'seen_frame_key'>) =>
    or([eb('session_id', '!=', sessionId), eb('attempt_id', '!=', attemptId)]);
}
