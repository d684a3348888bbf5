/** Guidance when the device is turned, tested through the coach. Stalled cameras and blinks: `coach.test.ts`. */
import { expect, it } from 'vitest';
import { startCoach, stepCoach, type CoachOutput, type CoachState } from '../../worker/guide/coach.js';
import { frameOf, planOf } from './samples.js';

const plan = planOf();

/** Shows a wide or a tall picture of a person who looks aside, so that nothing is captured. */
function show(state: CoachState, from: number, milliseconds: number, wide: boolean): [CoachState, CoachOutput] {
  let output: CoachOutput | undefined;
  for (let time = from; time < from + milliseconds; time += 33) {
    const analysis = {
      ...frameOf({ time, yaw: 30 }),
      frame: wide ? { width: 1280, height: 720 } : { width: 720, height: 1280 },
    };
    [state, output] = stepCoach(state, analysis, plan);
  }
  return [state, output as CoachOutput];
}

it('gives rotateBack for a turned device until it is turned back', () => {
  const [held] = show(startCoach(), 0, 1_000, true);
  const [turned, output] = show(held, 1_000, 1_500, false);
  expect(output.guidance?.code).toBe('rotateBack');
  const [, back] = show(turned, 2_500, 1_500, true);
  expect(back.guidance?.code).toBe('lookStraight');
});

it('accepts the new orientation of a device that stays turned', () => {
  const [held] = show(startCoach(), 0, 1_000, true);
  const [, output] = show(held, 1_000, 6_000, false);
  expect(output.guidance?.code).toBe('lookStraight');
});

it('does not give rotateBack for a picture that is tall from the start', () => {
  const [, output] = show(startCoach(), 0, 2_000, false);
  expect(output.guidance?.code).toBe('lookStraight');
});
