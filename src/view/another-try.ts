/** Whether another try is offered: the words promise one only where there is the button. */
import { LIVENESS_ERRORS } from '../protocol/errors.js';
import type { SessionState } from '../session/state.js';

/** @param hasOther the next start is that of another session, whatever became of this one */
export function offersAnotherTry(session: SessionState, hasOther: boolean): boolean {
  if (session.name !== 'failed' && session.name !== 'canceled') return false;
  const canHelp = session.name === 'canceled' || LIVENESS_ERRORS[session.failure.code].retryable;
  return hasOther || (canHelp && session.attemptsRemaining !== 0);
}
