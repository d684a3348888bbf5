/** One capture with one camera: takes pictures, returns reports, and keeps the frames to send. */
import { FailureError } from '../../src/protocol/failure.js';
import type { CapturePlan, FrameReport, Picture, Receipt, Submission } from '../../src/protocol/worker-api.js';
import type { Detector } from '../detector.js';
import { agreeToTurns, startCoach, stepCoach, type CoachState } from '../guide/coach.js';
import { Measurer } from '../measure/measure.js';
import { narrow } from '../measure/narrow.js';
import { upright } from '../measure/upright.js';
import { submissionBody } from '../submit/body.js';
import type { MultipartBody } from '../submit/multipart.js';
import { upload } from '../submit/upload.js';
import { FrameKeeper } from './keeper.js';

export class Capture {
  readonly #detector: Detector;
  readonly #plan: CapturePlan;
  readonly #measurer: Measurer;
  readonly #keeper = new FrameKeeper();
  #coach: CoachState = startCoach();
  #body: MultipartBody | null = null;

  constructor(detector: Detector, plan: CapturePlan) {
    this.#detector = detector;
    this.#plan = plan;
    this.#measurer = new Measurer(plan.ringAspect, plan.policy.bystander);
  }

  /** Does not take ownership of `whole`. */
  analyse(whole: Picture, time: number): FrameReport {
    const start = performance.now();
    const turned = upright(whole, this.#plan.rotation);
    const picture = narrow(turned);
    try {
      const detection = performance.now();
      const faces = this.#detector.detect(picture, time);
      const inference = performance.now() - detection;
      const analysis = this.#measurer.measure(picture, faces, time);
      const [state, { keep, forget, ...report }] = stepCoach(this.#coach, analysis, this.#plan);
      this.#coach = state;
      if (forget) this.#keeper.forget(forget);
      if (keep) this.#keeper.keep(picture, analysis, keep);
      return { ...report, analysis, timing: { inference, measurement: performance.now() - start - inference } };
    } finally {
      for (const own of [turned, picture]) if (own !== whole && !(own instanceof ImageData)) own.close();
    }
  }

  beginTurns(): void {
    this.#coach = agreeToTurns(this.#coach);
  }

  async submit(submission: Submission, onProgress: (share: number) => void): Promise<Receipt> {
    if (this.#coach.phase !== 'captured') {
      throw new FailureError({ code: 'Unexpected', message: `Nothing to submit while ${this.#coach.phase}` });
    }
    // Kept, so that a retry sends the same bytes with the same digest.
    this.#body ??= await this.#bodyWithinLimits(submission);
    return upload(this.#body, submission, onProgress);
  }

  /** Builds the body, with fewer frames if it would exceed the size limit of the service. */
  async #bodyWithinLimits({ camera, verifyImage }: Submission): Promise<MultipartBody> {
    const { attempt } = this.#plan;
    const { maxFrames, maxBytes } = attempt.limits;
    let frames = this.#keeper.choose(maxFrames);
    for (;;) {
      const body = await submissionBody(attempt, camera, frames, verifyImage);
      if (body.bytes.length <= maxBytes || frames.length <= 1) return body;
      frames = this.#keeper.choose(frames.length - 1);
    }
  }
}
