/** Pictures that were sent before, by their fingerprints: kept as long as their session, in the service's database. */
import type { ExpressionBuilder } from 'kysely';
import type { Database, SeenFrameTable, Tables } from '../../database/schema.js';
import type { FrameFacts } from './analysis.js';
import { isSamePicture, LEAST_SHARED_KEYS, lookupKeys } from './fingerprint.js';

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

export interface Meeting {
  sightings: Sighting[];
  /** Names of frames that more pictures resemble than are compared: a copy among them may have been missed. */
  cutOff: string[];
}

export interface FrameMemory {
  /**
   * Remembers the frames, then looks for them elsewhere: of two attempts that send one picture at the same time, at
   * least one sees the other.
   */
  meet(attempt: AttemptName, frames: readonly FrameFacts[]): Promise<Meeting>;
}

/** Looked at for one submission. More than this are found only where somebody sends one picture on and on. */
const MOST_CANDIDATES = 5_000;
/** Looked through for them. The same share for each key: a picture that many resemble leaves the others theirs. */
const MOST_KEY_ROWS = 50_000;

export function frameMemory(database: Database): FrameMemory {
  return {
    async meet(attempt, frames) {
      const known = frames.flatMap(({ fileName, sha256, fingerprint }) =>
        fingerprint ? [{ fileName, sha256, fingerprint }] : [],
      );
      if (known.length === 0) return { sightings: [], cutOff: [] };
      await remember(database, attempt, known).catch((error: unknown) => {
        // Deleted meanwhile, nothing of it is kept: the service finds that out too, and says so.
        if (!isWithoutSession(error)) throw error;
      });
      const files = await sameFiles(database, attempt, known);
      const { others, mayMiss } = await candidates(database, attempt, known);
      const sightings = known.flatMap(({ fileName, sha256, fingerprint }) => [
        ...files.filter((other) => other.sha256 === sha256).map((other) => sighting(fileName, other, true)),
        ...others
          .filter((other) => other.sha256 !== sha256 && isSamePicture(other, fingerprint))
          .map((other) => sighting(fileName, other, false)),
      ]);
      return { sightings, cutOff: known.filter(mayMiss).map(({ fileName }) => fileName) };
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
async function remember(database: Database, attempt: AttemptName, frames: readonly KnownFrame[]) {
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
          seen_at: Date.now(),
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

/** What a row belongs to is not there: PostgreSQL's code, and SQLite's. */
function isWithoutSession(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === '23503' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
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

/**
 * Found by an index on the keys. Those that share the most come first: a copy shares nearly all, a room some. Whoever
 * sends many that look like a picture can hide a copy of it behind them; of which frames that may be so is said.
 */
async function candidates(database: Database, attempt: AttemptName, frames: readonly KnownFrame[]) {
  const keys = [...new Set(frames.flatMap(({ fingerprint }) => lookupKeys(fingerprint)))];
  const most = Math.ceil(MOST_KEY_ROWS / keys.length);
  const others = await database
    .selectFrom(together(keys.map((key) => rowsOf(key).limit(most))).as('shared'))
    .innerJoin('seen_frame', (join) =>
      join
        .onRef('seen_frame.session_id', '=', 'shared.session_id')
        .onRef('seen_frame.attempt_id', '=', 'shared.attempt_id')
        .onRef('seen_frame.sha256', '=', 'shared.sha256'),
    )
    .selectAll('seen_frame')
    .select(({ fn }) => fn.countAll<number>().as('shared_keys'))
    .groupBy(['seen_frame.session_id', 'seen_frame.attempt_id', 'seen_frame.sha256'])
    .orderBy('shared_keys', 'desc')
    .limit(MOST_CANDIDATES)
    .execute();
  const beyond = await together(keys.map((key) => rowsOf(key).limit(1).offset(most))).execute();
  const crowded = new Set(beyond.map(({ key }) => key));
  // What shares no more than the last of a full list may have been left out of it.
  const leftOut = others.length < MOST_CANDIDATES ? 0 : (others.at(-1)?.shared_keys ?? 0);
  const mayMiss = ({ fingerprint }: KnownFrame): boolean =>
    LEAST_SHARED_KEYS - lookupKeys(fingerprint).filter((key) => crowded.has(key)).length <= leftOut;
  return { others, mayMiss };

  function rowsOf(key: string) {
    return database
      .selectFrom('seen_frame_key')
      .select(['session_id', 'attempt_id', 'sha256', 'key'])
      .where('key', '=', key)
      .where(isOfAnother(attempt));
  }

  /** One within the other: a select with a limit cannot be joined to others as it is. */
  function together(selects: ReturnType<typeof rowsOf>[]) {
    // SQLite takes 500 selects in one: enough for the keys of the most frames a manifest may list.
    const [first, ...more] = selects.map((rows) => database.selectFrom(rows.as('rows')).selectAll());
    if (!first) throw new Error('No keys to look up');
    return more.reduce((all, rows) => all.unionAll(rows), first);
  }
}

function isOfAnother({ sessionId, attemptId }: AttemptName) {
  return ({ or, eb }: ExpressionBuilder<Tables, 'seen_frame' | 'seen_frame_key'>) =>
    or([eb('session_id', '!=', sessionId), eb('attempt_id', '!=', attemptId)]);
}
