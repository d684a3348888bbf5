/** Creates, finds, lists and deletes sessions, with one set of rules for all API versions. */
import type { Selectable } from 'kysely';
import type { SessionTable } from '../../database/schema.js';
import { TOKEN_LIFETIME_SECONDS } from '../access/token-lifetime.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import type { CreateContent } from '../schemas/create-session.js';
import type { NewVerifyImage } from './verify-image.js';

export type Session = Selectable<SessionTable>;

/** @throws 400 unless exactly one of the page and the back end is to name the device */
export async function createSession(
  context: ServiceContext,
  { version, withVerify }: { version: string; withVerify: boolean },
  content: CreateContent,
  verifyImage: NewVerifyImage | null,
): Promise<Session> {
  const mode = content.livenessOperationMode;
  const deviceCorrelationId = content.deviceCorrelationId ?? null;
  const deviceCorrelationIdSetInClient = content.deviceCorrelationIdSetInClient ?? false;
  if (deviceCorrelationIdSetInClient === (deviceCorrelationId !== null)) throw errors.invalidDeviceCorrelationId();
  const id = crypto.randomUUID();
  const lifetime = {
    created_at: context.now(),
    token_lifetime_seconds: content.authTokenTimeToLiveInSeconds ?? TOKEN_LIFETIME_SECONDS.default,
  };
  const authToken = await context.tokens.issue({
    sub: id,
    iat: Math.floor(lifetime.created_at / 1000),
    exp: tokenExpiresAt(lifetime) / 1000,
    mode,
    verify: withVerify,
    deviceCorrelationIdSetInClient,
    verifyImageSetInClient: withVerify && verifyImage === null,
    ver: version,
  });
  const session: Session = {
    id,
    with_verify: Number(withVerify),
    api_version: version,
    ...lifetime,
    started_at: null,
    operation_mode: mode,
    send_results_to_client: Number(content.sendResultsToClient ?? false),
    device_correlation_id_set_in_client: Number(deviceCorrelationIdSetInClient),
    device_correlation_id: deviceCorrelationId,
    auth_token: authToken,
    enable_session_image: Number(content.enableSessionImage ?? false),
    return_verify_image_hash: Number(content.returnVerifyImageHash ?? false),
    verify_confidence_threshold: content.verifyConfidenceThreshold ?? null,
    attempts_started: 0,
    last_entry_id: 0,
    result_entry_id: null,
  };
  await context.transact(async (transaction) => {
    await transaction.insertInto('session').values(session).execute();
    if (!verifyImage) return;
    const { face, ...image } = verifyImage;
    const faceRectangle = face && JSON.stringify(face.faceRectangle);
    await transaction
      .insertInto('verify_image')
      .values({ ...image, session_id: id, face_rectangle: faceRectangle })
      .execute();
  });
  return session;
}

/** Sessions created at this time or before are treated as deleted, even if the purge has not deleted them yet. */
export function newestExpired({ now, limits }: ServiceContext): number {
  return now() - limits.sessionLifetimeMs;
}

/** @throws 404 if there is no such session of this type */
export async function findSession(context: ServiceContext, id: string, withVerify?: boolean): Promise<Session> {
  let query = context.database
    .selectFrom('session')
    .selectAll()
    .where('id', '=', id)
    .where('created_at', '>', newestExpired(context));
  if (withVerify !== undefined) query = query.where('with_verify', '=', Number(withVerify));
  const session = await query.executeTakeFirst();
  if (!session) throw errors.sessionNotFound();
  return session;
}

/** @returns sessions with an id above `start`, in ascending order of id. */
export function listSessions(
  context: ServiceContext,
  page: { withVerify: boolean; start: string; top: number },
): Promise<Session[]> {
  return context.database
    .selectFrom('session')
    .selectAll()
    .where('with_verify', '=', Number(page.withVerify))
    .where('created_at', '>', newestExpired(context))
    .where('id', '>', page.start)
    .orderBy('id')
    .limit(page.top)
    .execute();
}

/**
 * @returns the session whose id is `search`, then those whose id starts with `search` or whose device id it is, newest
 * first
 */
export async function searchSessions(
  context: ServiceContext,
  { search, top }: { search: string; top: number },
): Promise<Session[]> {
  const newest = context.database
    .selectFrom('session')
    .selectAll()
    .where('created_at', '>', newestExpired(context))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(top);
  if (search === '') return newest.execute();
  const start = search.toLowerCase();
  // Two queries, because no index serves an OR over both columns. `~` sorts after every character of an id.
  const found = await Promise.all([
    newest.where('id', '>=', start).where('id', '<', `${start}~`).execute(),
    newest.where('device_correlation_id', '=', search).execute(),
  ]);
  // A session with this very id comes first: a page may choose any device id, even the id of another session.
  const rank = ({ id }: Session): number => (id === start ? 0 : 1);
  const sessions = new Map(found.flat().map((session) => [session.id, session]));
  return [...sessions.values()].sort((a, b) => rank(a) - rank(b) || byAge(a, b)).slice(0, top);
}

function byAge(a: Session, b: Session): number {
  return b.created_at - a.created_at || (a.id < b.id ? -1 : 1);
}

/** Deletes the session with all its data. @throws 404 if there is no such session of this type */
export async function deleteSession(context: ServiceContext, id: string, withVerify: boolean): Promise<void> {
  await findSession(context, id, withVerify);
  await context.database.deleteFrom('session').where('id', '=', id).execute();
}

/** @returns milliseconds since the epoch, in whole seconds because tokens have no finer times */
export function tokenExpiresAt(session: Pick<Session, 'created_at' | 'token_lifetime_seconds'>): number {
  return (Math.floor(session.created_at / 1000) + session.token_lifetime_seconds) * 1000;
}
