/** The service's purge: deletes what has expired, and logs what it deleted and what it could not delete. */
import { findSetBack } from '../database/clock.js';
import { clearLog, purge, type Ages } from '../database/purge.js';
import type { ServiceContext } from './context.js';
import { newestExpired } from './session/sessions.js';

/**
 * How many purges in a row must fail to clear SQLite's write-ahead log before this is logged: a few may fail only
 * because another process of the service was writing.
 */
const MOST_IN_VAIN = 3;
const LOG_KEPT =
  'Another program is using the SQLite file: its write-ahead log keeps deleted data until a purge finds the file unused';

export function createPurge(context: ServiceContext): (signal?: AbortSignal) => Promise<number> {
  const { database, now, log } = context;
  let inVain = 0;
  return async (signal) => {
    const setBack = await findSetBack(database, now());
    if (setBack) log({ level: 'error', event: 'clock-set-back', error: setBack });
    const onDeleted = (sessionId: string) => log({ level: 'info', event: 'purged', sessionId });
    const deleted = await purge(database, agesAt(context), onDeleted, signal);
    inVain = (await clearLog(database)) ? 0 : inVain + 1;
    if (inVain >= MOST_IN_VAIN) log({ level: 'error', event: 'write-ahead-log-kept', error: LOG_KEPT });
    return deleted;
  };
}

function agesAt(context: ServiceContext): Ages {
  const { now, limits, tokens } = context;
  const longestWindow = Math.max(limits.sessionRequests.seconds, limits.deviceAttempts.seconds) * 1000;
  return {
    sessionsBefore: newestExpired(context),
    rateLimitsBefore: now() - longestWindow,
    signingKeysBefore: tokens.oldestKey(),
  };
}
