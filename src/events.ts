/** Events of the element. All bubble and cross shadow roots, so that a page can listen anywhere. */
import type { LivenessError } from './errors.js';
import type { Guidance, TurnProgress } from './protocol/guidance.js';
import type { LivenessResult } from './result.js';
import type { StateName } from './session/state.js';

abstract class LivenessEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

/** The session moved to another state. */
export class LivenessStateEvent extends LivenessEvent {
  readonly state: StateName;
  constructor(state: StateName) {
    super('liveness-state');
    this.state = state;
  }
}

/** The guidance changed. */
export class LivenessGuidanceEvent extends LivenessEvent {
  readonly guidance: Guidance;
  /**
   * The head turn or smile that is asked for, and its progress; null otherwise, also while the person turns back to the
   * camera.
   */
  readonly turn: TurnProgress | null;
  constructor(guidance: Guidance, turn: TurnProgress | null) {
    super('liveness-guidance');
    this.guidance = guidance;
    this.turn = turn;
  }
}

/** Loading, capture or upload made progress; that of capture and upload falls back when they start over. */
export class LivenessProgressEvent extends LivenessEvent {
  readonly phase: 'loading' | 'capture' | 'upload';
  /** 0…1 */
  readonly progress: number;
  constructor(phase: LivenessProgressEvent['phase'], progress: number) {
    super('liveness-progress');
    this.phase = phase;
    this.progress = progress;
  }
}

/** The service has acknowledged the frames. */
export class LivenessCompleteEvent extends LivenessEvent {
  readonly result: LivenessResult;
  constructor(result: LivenessResult) {
    super('liveness-complete');
    this.result = result;
  }
}

/** The attempt has failed. */
export class LivenessErrorEvent extends LivenessEvent {
  readonly error: LivenessError;
  constructor(error: LivenessError) {
    super('liveness-error');
    this.error = error;
  }
}

/** The person or the page canceled. */
export class LivenessCancelEvent extends LivenessEvent {
  constructor() {
    super('liveness-cancel');
  }
}

export interface LivenessEventMap {
  'liveness-state': LivenessStateEvent;
  'liveness-guidance': LivenessGuidanceEvent;
  'liveness-progress': LivenessProgressEvent;
  'liveness-complete': LivenessCompleteEvent;
  'liveness-error': LivenessErrorEvent;
  'liveness-cancel': LivenessCancelEvent;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merging is the point
  interface GlobalEventHandlersEventMap extends LivenessEventMap {}
}
