/** Fingerprints of pictures that were sent before, kept in the service's database as long as their session. */
import type { ExpressionBuilder } from 'kysely';
import type { Database, SeenFrameTable, Tables } from '../../database/schema.js';
import type { FrameFacts } from './analysis.js';
import { isCopy, LEAST_SHARED_KEYS, lookupKeys } from './fingerprint.js';

/** A frame of this submission that another attempt sent before. */
export interface Sighting {
  fileName: string;
  /** Names the other attempt, such as `<session id>/1`. */
  attempt: string;
  otherFileName: string;
  /** True if it is the very same file, not only a picture that looks the same. */
  exact: boolean;
}

export interface AttemptName {
  sessionId: string;
  attemptId: number;
}

export interface SeenBefore {
  sightings: Sighting[];
  /**
   * Names of frames that resemble more pictures than are compared: a copy of one that was not compared may have been
   * missed.
   */
  cutOff: string[];
}

/** Most rows compared for one submission. More match only if somebody sends one picture again and again. */
const MOST_CANDIDATES = 5_000;
/**
 * Most key rows read to find these rows. They are divided evenly among the keys, so that a picture with many
 * look-alikes leaves room for the others.
 */
const MOST_KEY_ROWS = 50_000;

/**
 * Stores the frames first, then looks for them in other attempts: if two attempts send the same picture at the same
 * time, at least one finds the other.
 */
export async function rememberAndFindSeen(
  database: Database,
  attempt: AttemptName,
  frames: readonly FrameFacts[],
): Promise<SeenBefore> {
  const known = frames.flatMap(({ fileName, sha256, fingerprint }) =>
    fingerprint ? [{ fileName, sha256, fingerprint }] : [],
  );
  if (known.length === 0) return { sightings: [], cutOff: [] };
  await remember(database, attempt, known).catch((error: unknown) => {
    // If the session was deleted meanwhile, none of its frames are stored. The service notices the deletion too, and
    // reports it.
    if (!isWithoutSession(error)) throw error;
  });
  const files = await sameFiles(database, attempt, known);
  const { others, mayMiss } = await candidates(database, attempt, known);
  const sightings = known.flatMap(({ fileName, sha256, fingerprint }) => [
    ...files.filter((other) => other.sha256 === sha256).map((other) => sighting(fileName, other, true)),
    ...others
      .filter((other) => other.sha256 !== sha256 && isCopy(other, fingerprint))
      .map((other) => sighting(fileName, other, false)),
  ]);
  return { sightings, cutOff: known.filter(mayMiss).map(({ fileName }) => fileName) };
}

interface KnownFrame extends Pick<FrameFacts, 'fileName' | 'sha256'> {
  fingerprint: NonNullable<FrameFacts['fingerprint']>;
}

function sighting(fileName: string, other: SeenFrameTable, exact: boolean): Sighting {
  return { fileName, attempt: `${other.session_id}/${other.attempt_id}`, otherFileName: other.file_name, exact };
}

/**
 * Adds to the frames that the attempt sent before, without replacing any: a replaced frame could be sent again
 * elsewhere unnoticed.
 */
async function remember(database: Database, attempt: AttemptName, frames: readonly KnownFrame[]) {
  const name = { session_id: attempt.sessionId, attempt_id: attempt.attemptId };
  // Always in the same order, so that two transactions that insert the same rows at once wait for each other without a
  // deadlock.
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

/** True if the row's session does not exist: the foreign key codes of PostgreSQL and SQLite. */
function isWithoutSession(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === '23503' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}

/** Uses an index of its own. The list need not be complete: one identical file is enough to report an attack. */
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
 * Finds look-alikes by an index on their keys, those that share the most keys first: a copy shares nearly all keys,
 * another picture of the same room some. An attacker who sends many look-alikes can hide a copy behind them; `mayMiss`
 * tells for which frames that is possible.
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
  // Rows that share no more keys than the last one of a full list may have been left out.
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

  /** Wraps each select in another: a select with a limit cannot be part of a union by itself. */
  function together(selects: ReturnType<typeof rowsOf>[]) {
    // SQLite allows 500 selects in one statement: enough for all keys of the most frames a manifest may list.
    const [first, ...more] = selects.map((rows) => database.selectFrom(rows.as('rows')).selectAll());
    if (!first) throw new Error('No keys to look up');
    return more.reduce((all, rows) => all.unionAll(rows), first);
  }
}

function isOfAnother({ sessionId, attemptId }: AttemptName) {
  return ({ or, eb }: ExpressionBuilder<Tables, 'seen_frame' | 'seen_frame_key'>) =>
    or([eb('session_id', '!=', sessionId), eb('attempt_id', '!=', attemptId)]);
}
