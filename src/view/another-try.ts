/**
 * Whether another try is offered. Button and words both ask this, so that the words promise one only if the button is
 * there.
 */
import { LIVENESS_ERRORS } from '../protocol/errors.js';
import type { SessionState } from '../session/state.js';

/** @param hasOtherToken whether the next start would use another token, whatever the outcome of this run */
export function offersAnotherTry(session: SessionState, hasOtherToken: boolean): boolean {
  if (session.name !== 'failed' && session.name !== 'canceled') return false;
  const canHelp = session.name === 'canceled' || LIVENESS_ERRORS[session.failure.code].retryable;
  return hasOtherToken || (canHelp && session.attemptsRemaining !== 0);
}
