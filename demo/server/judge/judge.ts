/**
 * The judge decides from the submission of one attempt whether a live person was there. This interface is all that the
 * service knows of it. The manifest and the frames are only what a client claims.
 */
import type { FaceRectangle } from '../../../src/protocol/geometry.js';
import type { ActiveMotion, CaptureManifest, LivenessDecision } from '../../../src/protocol/wire.js';

export interface Submission {
  manifest: CaptureManifest;
  /** In the order of the manifest, with the file names it lists. */
  frames: SubmittedFrame[];
  /**
   * The head turns, and perhaps a smile, that were drawn for this attempt; empty in passive mode. The element asks for
   * them if the judge requires them or the light is unsuitable: each frame's `step` in the manifest tells whether it
   * did.
   */
  challenge: ActiveMotion[];
  sessionId: string;
  /** Milliseconds from the start of the attempt until its frames had arrived. */
  elapsedInMs: number;
  /** Encoded image of the person to compare with; null if the session is without verify. */
  verifyImage: Uint8Array | null;
}

export interface SubmittedFrame {
  fileName: string;
  /** Media type as stated by the client. */
  type: string;
  /** Encoded image. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Judgement {
  livenessDecision: LivenessDecision;
  /** Code for the reason, if the decision alone does not say it. */
  reason?: string;
  /** The frame that the decision rests on, and the rectangle of its face in pixels of that frame. */
  target: { fileName: string; faceRectangle: FaceRectangle };
  modelVersionUsed?: string;
  /** Present if a verify image was compared. */
  verify?: { matchConfidence: number; verifyImage: VerifyImageFace };
  /** Scores and measurements behind the decision, for the audit. Plain JSON. */
  evidence?: Record<string, unknown>;
}

export interface VerifyImageFace {
  faceRectangle: FaceRectangle;
  qualityForRecognition: 'low' | 'medium' | 'high';
}

export type UnusableVerifyImage = 'undecodable' | 'noFace' | 'severalFaces';

export type VerifyImageExamination = VerifyImageFace | UnusableVerifyImage;

export interface Judge {
  /** What a submission must contain for the judge to decide; absent if nothing in particular. */
  requires?: { activeMotion: boolean };
  /**
   * @param signal aborts when the service stops waiting
   * @throws SubmissionRefused, JudgeBusy; any other error means that the judge failed
   */
  judge(submission: Submission, signal: AbortSignal, request?: JudgeRequest): Promise<Judgement>;
  /**
   * Examines a verify image when a session is created with one. A judge without this method accepts any image unseen.
   */
  examineVerifyImage?(image: Uint8Array, signal: AbortSignal, request?: JudgeRequest): Promise<VerifyImageExamination>;
  /** Resolves when the judge can work, and rejects if it cannot start. Until either happens, `/readyz` fails. */
  ready?(): Promise<void>;
  close?(): Promise<void>;
}

/** The request, from a client or a back end, that needs the judge. For judges that ask another service. */
export interface JudgeRequest {
  /** The `apim-request-id`, which is also in the log and the audit. */
  requestId: string;
  /**
   * `<session id>.<digest>.<content type>`: stays the same when a client repeats a submission, for instance after a
   * 503. Absent when only a verify image is examined.
   */
  submissionId?: string;
  /** The judge calls this before each retry, with the failure of the previous try. */
  onRetry(failure: unknown): void;
}

/** The judge cannot use the pictures. The attempt stays open, because nothing was decided. */
export class SubmissionRefused extends Error {
  /** What is wrong with the verify image; or the name of the refused frame and a code that begins with `Image`. */
  override readonly cause: UnusableVerifyImage | { fileName: string; code: string };

  /** @param message for the client: what is wrong with the frame. Not used if the verify image is refused */
  constructor(cause: SubmissionRefused['cause'], message: string) {
    super(message);
    this.name = 'SubmissionRefused';
    this.cause = cause;
  }
}

const BUSY_SECONDS = 5;
/** The element waits as long as it is told, but gives up at once if less is left of `deadlines.submit` (60 s). */
const MOST_BUSY_SECONDS = 20;

/** The judge has too much work. The attempt stays open, and asking again later may help. */
export class JudgeBusy extends Error {
  readonly retryAfterSeconds: number;

  /** @param retryAfterSeconds rounded up and limited to 1…20; NaN if unknown: then 5 */
  constructor(retryAfterSeconds: number) {
    super('The judge is busy and accepts no more work for now');
    this.name = 'JudgeBusy';
    this.retryAfterSeconds = Math.min(MOST_BUSY_SECONDS, Math.max(1, Math.ceil(retryAfterSeconds)) || BUSY_SECONDS);
  }
}
