/**
 * The states of a session in the element, and the events that move it. Data lives in the state that has it, so that
 * impossible pairs cannot be written down.
 *
 *   idle → preparing → framing ⇄ capturing → submitting → succeeded
 *                         └→ prompting → activeMotion ──┘
 *   from every running state → failed | canceled; from every ended state → preparing
 *   from idle and every ended state → failed, where a start cannot even begin (a bad token, a forbidden camera, another run)
 *   framing and capturing begin anew with another camera; all but preparing and submitting wait while the page is hidden
 */
import type { Failure, LivenessErrorCode } from '../protocol/errors.js';
import type { Guidance, TurnProgress } from '../protocol/guidance.js';
import type { SessionStartResponse } from '../protocol/wire.js';
import type { FrameReport, Receipt } from '../protocol/worker-api.js';
import type { LivenessResult } from '../result.js';

/** What has to be there before guidance can begin: detector and camera in whatever order, and the attempt after both. */
interface Preparation {
  detector: boolean;
  camera: boolean;
  /** `asked`: the service was, and has not answered yet. */
  attempt: SessionStartResponse | 'asked' | null;
}

interface OfRun {
  /** Tells this run's events from those of an earlier one. */
  run: number;
}

interface Running extends OfRun {
  /** What has to come back before it goes on: the connection, or the page to the foreground. */
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

export type SessionEvent = { run: number } & (
  | { type: 'start' }
  | { type: 'loading'; progress: number }
  | { type: 'detectorReady' }
  | { type: 'cameraReady' }
  /** It ended by itself; another may take its place. */
  | { type: 'cameraLost' }
  /** The person or the page wants another. */
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

/** What has to be done, as data: the runner does it and feeds back events. */
export type Effect =
  | { type: 'prepare' }
  | { type: 'reopenCamera' }
  | { type: 'startAttempt' }
  | { type: 'guide'; attempt: SessionStartResponse }
  | { type: 'turn' }
  | { type: 'submit' }
  /** Runs out as `timedOut`; a new one takes the place of the last. */
  | { type: 'deadline'; of: 'framing' | 'prompting' | 'activeMotion' }
  /** The deadline and the camera's pictures stand still; `timedOut` if that lasts too long. */
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'endAttempt'; attemptId: number; reason: LivenessErrorCode }
  /** Camera, worker, timers, requests. */
  | { type: 'release' };
