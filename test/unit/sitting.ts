import type { CapturePhase, CapturePlan } from '../../src/protocol/worker-api.js';
import { agreeToTurns, startCoach, stepCoach, type CoachOutput, type CoachState } from '../../worker/guide/coach.js';
import { frameOf, planOf, type FrameChanges, type PlanChanges } from './samples.js';

/** A person in front of the camera: frames, 30 a second by default, and the coach's output for each. */
export class Sitting {
  state: CoachState = startCoach();
  time = 0;
  readonly plan: CapturePlan;
  readonly outputs: CoachOutput[] = [];

  constructor(changes: PlanChanges = {}) {
    this.plan = planOf(changes);
  }

  get phases(): CapturePhase[] {
    return this.outputs.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
  }

  /** Shows frames for that long, at least one; `interval` is in milliseconds too. @returns the last output */
  show(changes: FrameChanges, milliseconds: number, interval = 33): CoachOutput {
    const end = this.time + milliseconds;
    do {
      const [state, output] = stepCoach(this.state, frameOf({ ...changes, time: this.time }), this.plan);
      this.state = state;
      this.outputs.push(output);
      this.time += interval;
    } while (this.time < end);
    return this.outputs.at(-1) as CoachOutput;
  }

  agree(): void {
    this.state = agreeToTurns(this.state);
  }
}
