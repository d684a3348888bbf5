/**
 * The judge: decides from what one attempt submitted whether a live person was there. The service knows it by this
 * interface alone. What it is given is a client's claim; frames are in memory only while it looks at them.
 */
import type { FaceRectangle } from '../../../src/protocol/geometry.js';
import type { ActiveMotion, CaptureManifest, LivenessDecision } from '../../../src/protocol/wire.js';

export interface Submission {
  manifest: CaptureManifest;
  /** In the manifest's order, by the names it gives. */
  frames: SubmittedFrame[];
  /**
   * Head turns, and a smile, drawn for this attempt; empty in passive mode. They are asked for where the judge requires
   * them or the light is unfit: each frame's `step` in the manifest tells which were made.
   */
  challenge: ActiveMotion[];
  sessionId: string;
  /** Milliseconds from the start of the attempt until its frames had arrived. */
  elapsedInMs: number;
  /** Encoded image of the person to compare with; null: a session without verify. */
  verifyImage: Uint8Array | null;
}

export interface SubmittedFrame {
  fileName: string;
  /** Media type as the client says. */
  type: string;
  /** Encoded image. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Judgement {
  livenessDecision: LivenessDecision;
  /** Why, as a code, where the decision alone does not say it. */
  reason?: string;
  /** The frame the decision rests on, and where its face is in pixels of that frame. */
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
  /** What a submission has to hold for a decision; where it is not said, nothing in particular. */
  requires?: { activeMotion: boolean };
  /**
   * @param signal aborts when the service has stopped waiting
   * @throws SubmissionRefused, JudgeBusy; any other error says that the judge failed
   */
  judge(submission: Submission, signal: AbortSignal, request?: JudgeRequest): Promise<Judgement>;
  /** Looks at a verify image when a session is created with one. A judge without this accepts any image unseen. */
  examineVerifyImage?(image: Uint8Array, signal: AbortSignal, request?: JudgeRequest): Promise<VerifyImageExamination>;
  /** Resolves when it can judge, and throws when it cannot be started. Until then nobody is sent to the service. */
  ready?(): Promise<void>;
  close?(): Promise<void>;
}

/** The request, of a client or a back end, for which the judge is asked: for judges that have to ask somebody else. */
export interface JudgeRequest {
  /** The `apim-request-id`, which the log and the audit have too. */
  requestId: string;
  /**
   * `<session id>.<digest>.<content type>`: the same whenever a client sends the same again, as it does after a 503. Of a
   * verify image alone there is none.
   */
  submissionId?: string;
  /** To be called before each further try, with what failed. */
  onRetry(failure: unknown): void;
}

/** The pictures cannot be looked at. The attempt stays open: nothing was decided. */
export class SubmissionRefused extends Error {
  /** What is wrong with the verify image, or the name of the frame and a code that begins with `Image`. */
  override readonly cause: UnusableVerifyImage | { fileName: string; code: string };

  /** @param message of a frame: what is wrong with it, for the client */
  constructor(cause: SubmissionRefused['cause'], message: string) {
    super(message);
    this.name = 'SubmissionRefused';
    this.cause = cause;
  }
}

const BUSY_SECONDS = 5;
/** The element waits as long as it is told, and gives up at once where `deadlines.submit`, 60 s, leaves less. */
const MOST_BUSY_SECONDS = 20;

/** Too much is being judged. The attempt stays open, and asking again later may help. */
export class JudgeBusy extends Error {
  readonly retryAfterSeconds: number;

  /** @param retryAfterSeconds becomes whole seconds, from 1 to 20; NaN: nobody knows */
  constructor(retryAfterSeconds: number) {
    super('The judge is busy and accepts no more work for now');
    this.name = 'JudgeBusy';
    this.retryAfterSeconds = Math.min(MOST_BUSY_SECONDS, Math.max(1, Math.ceil(retryAfterSeconds)) || BUSY_SECONDS);
  }
}
