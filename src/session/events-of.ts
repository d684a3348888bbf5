/** The DOM events for one state transition, in order: guidance, progress, state, outcome. */
import { LivenessError } from '../errors.js';
import {
  LivenessCancelEvent,
  LivenessCompleteEvent,
  LivenessErrorEvent,
  LivenessGuidanceEvent,
  LivenessProgressEvent,
  LivenessStateEvent,
} from '../events.js';
import type { Guidance } from '../protocol/guidance.js';
import type { SessionState } from './state.js';

const PROGRESS_PHASE = {
  preparing: 'loading',
  framing: 'capture',
  capturing: 'capture',
  activeMotion: 'capture',
  submitting: 'upload',
} as const;

export function eventsOf(before: SessionState, next: SessionState): Event[] {
  const events: Event[] = [];
  if ('guidance' in next && next.guidance && isNews(before, next)) {
    events.push(new LivenessGuidanceEvent(next.guidance, 'turn' in next ? next.turn : null));
  }
  const isSame = before.name === next.name;
  if ('progress' in next && !(isSame && 'progress' in before && before.progress === next.progress)) {
    events.push(new LivenessProgressEvent(PROGRESS_PHASE[next.name], next.progress));
  }
  if (!isSame) events.push(new LivenessStateEvent(next.name));
  if (next.name === 'succeeded') events.push(new LivenessCompleteEvent(next.result));
  if (next.name === 'failed') {
    events.push(new LivenessErrorEvent(new LivenessError(next.failure, next.attemptsRemaining)));
  }
  if (next.name === 'canceled') events.push(new LivenessCancelEvent());
  return events;
}

/** Whether the guidance changed: another code, or another escalation of the same one. */
export function isNews(before: SessionState, { guidance }: { guidance: Guidance | null }): boolean {
  const shown = 'guidance' in before ? before.guidance : null;
  return shown?.code !== guidance?.code || shown?.escalation !== guidance?.escalation;
}
