/**
 * The states of a session in the element, and the events that change them. Each state carries only its own data, so
 * that impossible combinations cannot be expressed.
 *
 *   idle → preparing → framing ⇄ capturing → submitting → succeeded
 *                         └→ prompting → activeMotion ──┘
 *   from every running state → failed | canceled; from every ended state → preparing
 *   from idle and every ended state → failed, if a run cannot start (a bad token, a forbidden camera, another run)
 *   framing and capturing start over with another camera; a hidden page pauses all but preparing and submitting
 */
import type { LivenessErrorCode } from '../protocol/errors.js';
import type { Failure } from '../protocol/failure.js';
import type { Guidance, TurnProgress } from '../protocol/guidance.js';
import type { SessionStartResponse } from '../protocol/wire.js';
import type { FrameReport, Receipt } from '../protocol/worker-api.js';
import type { LivenessResult } from '../result.js';

/** What must be ready before guidance can begin: detector and camera in either order, then the attempt. */
interface Preparation {
  detector: boolean;
  camera: boolean;
  /** `asked`: requested from the service, which has not answered yet. */
  attempt: SessionStartResponse | 'asked' | null;
}

interface OfRun {
  /** Distinguishes events of this run from those of an earlier one. */
  run: number;
}

interface Running extends OfRun {
  /** What the session waits for: the connection to come back, or the page to be visible again. */
  waiting: 'connection' | 'page' | null;
}

interface Attempting extends Running {
  attempt: SessionStartResponse;
}

interface Guided extends Attempting {
  guidance: Guidance | null;
  progress: number;
}

export type SessionState =
  | { name: 'idle' }
  | ({ name: 'preparing'; preparation: Preparation; progress: number } & Running)
  | ({ name: 'framing' } & Guided)
  | ({ name: 'capturing' } & Guided)
  | ({ name: 'prompting'; reason: NonNullable<FrameReport['promptReason']> } & Attempting)
  | ({ name: 'activeMotion'; turn: TurnProgress | null } & Guided)
  | ({ name: 'submitting'; progress: number } & Attempting)
  | ({ name: 'succeeded'; result: LivenessResult } & OfRun)
  | ({ name: 'failed'; failure: Failure; attemptsRemaining: number | null } & OfRun)
  | ({ name: 'canceled'; code: CancelCode; attemptsRemaining: number | null; mayHaveSent: boolean } & OfRun);

type CancelCode = 'UserCanceledSession' | 'UserCanceledActiveMotion';

export type StateName = SessionState['name'];

/** The session while its state has one of these names. */
export type In<Name extends StateName> = Extract<SessionState, { name: Name }>;

export type SessionEvent = { run: number } & (
  | { type: 'start' }
  | { type: 'loading'; progress: number }
  | { type: 'detectorReady' }
  | { type: 'cameraReady' }
  /** The camera ended by itself; another may replace it. */
  | { type: 'cameraLost' }
  /** The camera is open, but no picture has come for a while; the next report ends the stall. */
  | { type: 'cameraStalled' }
  /** The person or the page chose another camera. */
  | { type: 'cameraChosen' }
  | { type: 'connection'; isLost: boolean }
  | { type: 'page'; isHidden: boolean }
  | { type: 'attemptStarted'; attempt: SessionStartResponse }
  | { type: 'report'; report: FrameReport }
  | { type: 'promptAnswered'; agreed: boolean }
  | { type: 'sending'; progress: number }
  | { type: 'received'; receipt: Receipt; clientRequestId: string }
  | { type: 'timedOut' }
  | { type: 'failed'; failure: Failure }
  | { type: 'canceled' }
);

/** Side effects as data: the runner executes them and dispatches the events that result. */
export type Effect =
  | { type: 'prepare' }
  | { type: 'reopenCamera' }
  | { type: 'startAttempt' }
  | { type: 'guide'; attempt: SessionStartResponse }
  | { type: 'turn' }
  | { type: 'submit' }
  /** Dispatches `timedOut` when it expires; a new deadline replaces the previous one. */
  | { type: 'deadline'; of: 'framing' | 'prompting' | 'activeMotion' }
  /** Pauses the deadline and the frames; dispatches `timedOut` if the pause lasts too long. */
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'endAttempt'; attemptId: number; reason: LivenessErrorCode }
  /** Frees camera, worker, timers and requests. */
  | { type: 'release' };
