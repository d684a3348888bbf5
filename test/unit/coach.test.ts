import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturePhase, CapturePlan } from '../../src/protocol/worker-api.js';
import { HEAD_TURNS, type HeadTurn } from '../../src/protocol/wire.js';
import { agreeToTurns, startCoach, stepCoach, type CoachOutput, type CoachState } from '../../worker/guide/coach.js';
import { frameOf, planOf, type FrameChanges, type PlanChanges } from './samples.js';

/** A person in front of the camera: frames at 30 a second, and what the coach made of each. */
class Sitting {
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

  /** Frames for that long, one at least. @returns the last output */
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

const FAR: Record<HeadTurn, FrameChanges> = {
  lookLeft: { yaw: 18 },
  lookRight: { yaw: -18 },
  lookUp: { pitch: 18 },
  lookDown: { pitch: -18 },
};

describe('a passive capture', () => {
  it('guides, holds and is captured', () => {
    const sitting = new Sitting();
    expect(sitting.show({ faceCount: 0 }, 500)).toMatchObject({ phase: 'framing', guidance: { code: 'noFace' } });
    expect(sitting.show({ size: 0.3 }, 1_000)).toMatchObject({ phase: 'framing', guidance: { code: 'moveCloser' } });
    expect(sitting.show({}, 500)).toMatchObject({ phase: 'holding' });
    expect(sitting.show({}, 600)).toMatchObject({ phase: 'captured', guidance: null, progress: 1 });
    expect(sitting.phases).toEqual(['framing', 'holding', 'captured']);
  });

  it('is captured after `hold.ms` of a good picture, and not before', () => {
    const sitting = new Sitting();
    expect(sitting.show({}, 900).phase).toBe('holding');
    expect(sitting.show({}, 60).phase).toBe('captured');
  });

  it('keeps passive frames while all is well, and no others', () => {
    const sitting = new Sitting();
    expect(sitting.show({ yaw: 30 }, 300).keep).toBeNull();
    expect(sitting.show({}, 300).keep).toEqual({ group: 'hold', step: 'passive', wanted: 6 });
    expect(sitting.show({ yaw: 30 }, 33).keep).toBeNull();
  });

  it('progress is the share of the hold', () => {
    const sitting = new Sitting();
    expect(sitting.show({ yaw: 30 }, 300).progress).toBe(0);
    sitting.show({}, 33);
    const before = sitting.outputs.at(-1)?.progress ?? NaN;
    expect(sitting.show({}, 450).progress - before).toBeCloseTo(0.5, 1);
  });

  it('a lapse shorter than `graceMs` pauses the hold and keeps its frames', () => {
    const sitting = new Sitting();
    sitting.show({}, 600);
    const before = sitting.outputs.at(-1)?.progress ?? NaN;
    const lapse = sitting.show({ motion: 3 }, 200);
    expect(lapse).toMatchObject({ phase: 'holding', forget: null, progress: before });
    expect(sitting.show({}, 250).phase).toBe('holding');
    expect(sitting.show({}, 200).phase).toBe('captured');
    expect(sitting.phases).toEqual(['holding', 'captured']);
  });

  it('a longer lapse starts again and forgets the frames, once', () => {
    const sitting = new Sitting();
    sitting.show({}, 600);
    expect(sitting.show({ motion: 3 }, 400)).toMatchObject({ phase: 'framing', progress: 0 });
    expect(sitting.outputs.filter(({ forget }) => forget === 'hold')).toHaveLength(1);
    expect(sitting.show({}, 800).phase).toBe('holding');
    expect(sitting.show({}, 200).phase).toBe('captured');
  });

  it('a single good frame long before the hold is none of it', () => {
    const sitting = new Sitting();
    expect(sitting.show({}, 0).keep).not.toBeNull();
    expect(sitting.show({ yaw: 30 }, 0)).toMatchObject({ phase: 'framing', forget: 'hold' });
    sitting.show({ yaw: 30 }, 5_000);
    expect(sitting.outputs.filter(({ forget }) => forget)).toHaveLength(1);
  });

  it('time in which nothing was seen, or nothing was well, is no hold', () => {
    const slow = new Sitting();
    slow.show({ faceCount: 0 }, 0);
    slow.time = 5_000;
    expect(slow.show({}, 0), 'one good frame after a gap').toMatchObject({ phase: 'holding', progress: 0 });

    const hidden = new Sitting();
    hidden.show({}, 100);
    hidden.time += 20_000;
    expect(hidden.show({}, 0).phase, 'two good frames with a gap between').toBe('holding');
  });

  it('goes on at a few pictures a second', () => {
    const slow = new Sitting();
    expect(slow.show({}, 4_000, 400).phase).toBe('captured');
    expect(slow.outputs.filter(({ keep }) => keep).length).toBeGreaterThanOrEqual(3);
  });

  it('once captured, nothing changes', () => {
    const sitting = new Sitting();
    sitting.show({}, 1_000);
    const again = sitting.show({ faceCount: 0 }, 500);
    expect(again).toMatchObject({ phase: 'captured', guidance: null, progress: 1, keep: null, forget: null });
  });
});

describe('eyes', () => {
  it('a blink is no correction and does not interrupt the hold', () => {
    const sitting = new Sitting();
    sitting.show({}, 300);
    sitting.show({ eyeOpenness: 0.05 }, 200);
    expect(sitting.show({}, 500).phase).toBe('captured');
    expect(sitting.phases).toEqual(['holding', 'captured']);
  });

  it('eyes that stay shut are one', () => {
    const sitting = new Sitting();
    expect(sitting.show({ eyeOpenness: 0.05 }, 800)).toMatchObject({ phase: 'framing' });
    expect(sitting.show({ eyeOpenness: 0.05 }, 1_000).guidance?.code).toBe('openEyes');
  });

  it.each([{ sideLight: 0.7 }, { sharpness: 1 }, { motion: 3 }])('a blink does not hide that %o', (wrong) => {
    const sitting = new Sitting();
    sitting.show(wrong, 1_000);
    expect(sitting.show({ ...wrong, eyeOpenness: 0.05 }, 300)).toMatchObject({ phase: 'framing', keep: null });
  });
});

describe('a camera that shows nothing', () => {
  it.each([
    ['stands still', { change: 0 }],
    ['is covered', { faceCount: 0, brightness: 0.002, change: 1 }],
  ])('%s: is said after `stallMs`, and no hold is made of it', (_, changes) => {
    const sitting = new Sitting();
    sitting.show({ yaw: 30 }, 33);
    const output = sitting.show({ yaw: 30, ...changes }, 4_000);
    expect(output).toMatchObject({ phase: 'framing', guidance: { code: 'cameraStalled' } });
    expect(sitting.show({}, 1_500).phase, 'and goes on when it is back').toBe('captured');
  });
});

describe('light', () => {
  it.each([
    ['Passive', 20_000],
    ['PassiveActive', 4_000],
  ] as const)('%s: unsuitable for %i ms, and not less', (mode, limit) => {
    const sitting = new Sitting({ mode, directions: mode === 'Passive' ? [] : ['lookLeft'] });
    expect(sitting.show({ faceBrightness: 0.05 }, limit - 50).phase).toBe('framing');
    sitting.show({ faceBrightness: 0.05 }, 150);
    expect(sitting.outputs.find(({ phase }) => phase !== 'framing')).toMatchObject(
      mode === 'Passive'
        ? { phase: 'failed', failure: 'EnvironmentNotSupported', guidance: null }
        : { phase: 'prompting', promptReason: 'tooDark' },
    );
  });

  it('too bright is asked with its own reason', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookUp'] });
    expect(sitting.outputs).toEqual([]);
    sitting.show({ faceBrightness: 0.97 }, 4_100);
    expect(sitting.outputs.find(({ phase }) => phase === 'prompting')?.promptReason).toBe('tooBright');
  });

  it('good light in between starts the time again', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookLeft'] });
    for (let count = 0; count < 4; count++) {
      sitting.show({ faceBrightness: 0.05 }, 3_500);
      sitting.show({ yaw: 30 }, 200);
    }
    expect(sitting.phases).toEqual(['framing']);
  });

  it('where nobody is seen nobody is asked to turn their head, until somebody is', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookLeft'] });
    expect(sitting.show({ faceCount: 0, brightness: 0.03 }, 30_000)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'tooDark', escalation: 2 },
    });
    expect(sitting.show({ faceBrightness: 0.05 }, 0)).toMatchObject({ phase: 'prompting', promptReason: 'tooDark' });
  });

  it('a passive attempt in the dark ends, seen or not', () => {
    const sitting = new Sitting();
    sitting.show({ faceCount: 0, brightness: 0.03 }, 20_100);
    expect(sitting.outputs.find(({ failure }) => failure)?.failure).toBe('EnvironmentNotSupported');
  });

  it('without directions there is nothing to offer, so guidance goes on', () => {
    const sitting = new Sitting({ mode: 'PassiveActive' });
    expect(sitting.show({ faceBrightness: 0.05 }, 30_000)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'tooDark', escalation: 2 },
    });
  });
});

describe('head turns', () => {
  const asked = (...directions: HeadTurn[]) => new Sitting({ mode: 'PassiveActive', required: true, directions });

  /** Through the hold and the question. */
  function begun(...directions: HeadTurn[]): Sitting {
    const sitting = asked(...directions);
    sitting.show({}, 1_000);
    sitting.agree();
    return sitting;
  }

  it('where they are required, the hold leads to the question', () => {
    const sitting = asked('lookLeft');
    expect(sitting.show({}, 940)).toMatchObject({ phase: 'prompting', promptReason: 'required' });
    expect(sitting.show({ faceCount: 0 }, 60_000).phase, 'waits for the answer').toBe('prompting');
  });

  it('an answer to a question that was not asked changes nothing', () => {
    const sitting = asked('lookLeft');
    sitting.show({}, 100);
    const before = sitting.state;
    sitting.agree();
    expect(sitting.state).toBe(before);
  });

  it('goes through every turn and is captured', () => {
    const directions: HeadTurn[] = ['lookRight', 'lookUp', 'lookLeft'];
    const sitting = begun(...directions);
    for (const direction of directions) {
      expect(sitting.show({}, 1_000), direction).toMatchObject({ phase: 'turning', guidance: { code: direction } });
      expect(sitting.show(FAR[direction], 1_000)).toMatchObject({ guidance: { code: 'returnToCentre' } });
    }
    expect(sitting.show({}, 200)).toMatchObject({ phase: 'captured', progress: 1 });
  });

  it('keeps frames of each step in a group of its own, under the step’s name', () => {
    const sitting = begun('lookLeft', 'lookDown');
    for (const pose of [{}, { yaw: 4 }, { yaw: 18 }, {}, { pitch: -4 }, { pitch: -18 }, {}]) sitting.show(pose, 300);
    const kept = sitting.outputs.flatMap(({ keep }) => (keep ? [`${keep.group}: ${keep.step} ×${keep.wanted}`] : []));
    expect(new Set(kept)).toEqual(
      new Set([
        'hold: passive ×6',
        'centre-0: passive ×1',
        'way-0: lookLeft ×1',
        'turned-0: lookLeft ×2',
        'centre-1: passive ×1',
        'way-1: lookDown ×1',
        'turned-1: lookDown ×2',
        'centre-2: passive ×1',
      ]),
    );
  });

  it('progress goes from the hold’s share to 1 and never back over the turns’ ends', () => {
    const sitting = begun('lookLeft', 'lookRight');
    const start = sitting.show({}, 400).progress;
    sitting.show({ yaw: 18 }, 300);
    const half = sitting.show({}, 400).progress;
    sitting.show({ yaw: -18 }, 300);
    expect(start).toBeCloseTo(0.3, 5);
    expect(half).toBeCloseTo(0.65, 5);
    expect(sitting.show({}, 300).progress).toBe(1);
  });

  it('the wrong way is said and does not end the attempt', () => {
    const sitting = begun('lookLeft');
    sitting.show({}, 300);
    expect(sitting.show({ yaw: -18 }, 1_500)).toMatchObject({ phase: 'turning', guidance: { code: 'wrongWay' } });
    sitting.show({}, 300);
    sitting.show({ yaw: 18 }, 300);
    expect(sitting.show({}, 300).phase).toBe('captured');
  });

  it('a turn that is not made ends with HeadTurnNotPerformed', () => {
    const sitting = begun('lookLeft');
    expect(sitting.show({}, 12_000).phase).toBe('turning');
    expect(sitting.show({}, 500)).toMatchObject({ phase: 'failed' });
    expect(sitting.outputs.find(({ failure }) => failure)?.failure).toBe('HeadTurnNotPerformed');
  });

  it('the time to read the question is not taken from the first turn', () => {
    const sitting = asked('lookLeft');
    sitting.show({}, 30_000);
    sitting.agree();
    expect(sitting.show({}, 11_000)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
  });

  it.each([
    ['no face', { faceCount: 0 }, 'noFace'],
    ['several faces', { faceCount: 2 }, 'severalFaces'],
  ] as const)('%s: is said, forgiven for a while, and then the end', (_, changes, code) => {
    const sitting = begun('lookLeft');
    sitting.show({}, 800);
    expect(sitting.show(changes, 1_500)).toMatchObject({ phase: 'turning', guidance: { code }, keep: null });
    expect(sitting.show({}, 1_500)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
    expect(sitting.show(changes, 3_500).phase, 'each loss has its own time').toBe('turning');
    sitting.show({}, 500);
    sitting.show(changes, 4_200);
    expect(sitting.outputs.find(({ failure }) => failure)?.failure).toBe('FaceTrackingFailed');
  });
});

describe('any sequence of frames and answers', () => {
  const frames = fc.record(
    {
      faceCount: fc.constantFrom(0, 1, 1, 1, 1, 2),
      yaw: fc.double({ min: -50, max: 50, noNaN: true }),
      pitch: fc.double({ min: -50, max: 50, noNaN: true }),
      faceBrightness: fc.double({ min: 0, max: 1, noNaN: true }),
      eyeOpenness: fc.double({ min: 0, max: 0.5, noNaN: true }),
      size: fc.double({ min: 0.1, max: 1.2, noNaN: true }),
      change: fc.constantFrom(0, 2, 2, 2),
      motion: fc.double({ min: 0, max: 3, noNaN: true }),
    },
    { requiredKeys: [] },
  );
  const scenes = fc.array(fc.record({ frame: frames, milliseconds: fc.nat(6_000), agree: fc.boolean() }), {
    maxLength: 25,
  });
  const plans = fc.record({
    mode: fc.constantFrom('Passive' as const, 'PassiveActive' as const),
    required: fc.boolean(),
    directions: fc.array(fc.constantFrom(...HEAD_TURNS), { maxLength: 3 }),
  });
  const NEXT: Record<CapturePhase, CapturePhase[]> = {
    framing: ['framing', 'holding', 'prompting', 'captured', 'failed'],
    holding: ['framing', 'holding', 'prompting', 'captured', 'failed'],
    prompting: ['prompting', 'turning'],
    turning: ['turning', 'captured', 'failed'],
    captured: ['captured'],
    failed: ['failed'],
  };

  it('never throws, takes only the ways there are, always says something, counts within 0…1', () => {
    fc.assert(
      fc.property(plans, scenes, (changes, list) => {
        const sitting = new Sitting(changes);
        for (const { frame, milliseconds, agree } of list) {
          sitting.show(frame, milliseconds, 100);
          if (agree) sitting.agree();
        }
        let before: CapturePhase = 'framing';
        for (const { phase, guidance, progress, promptReason, failure } of sitting.outputs) {
          // A report of `captured` or `failed` follows in the frame after an agreement at the earliest.
          const ways = before === 'prompting' ? [...NEXT.prompting, ...NEXT.turning] : NEXT[before];
          expect(ways).toContain(phase);
          if (phase === 'framing' || phase === 'holding' || phase === 'turning') expect(guidance).not.toBeNull();
          expect(progress).toBeGreaterThanOrEqual(0);
          expect(progress).toBeLessThanOrEqual(1);
          if (phase === 'prompting' && before !== 'prompting') expect(promptReason).toBeDefined();
          if (phase === 'failed' && before !== 'failed') expect(failure).toBeDefined();
          before = phase;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('shows other guidance at most once per `showMs` in one phase', () => {
    fc.assert(
      fc.property(plans, scenes, (changes, list) => {
        const sitting = new Sitting(changes);
        let [shown, since, turned] = ['', -Infinity, false];
        for (const { frame, milliseconds, agree } of list) {
          for (let left = milliseconds; left > 0; left -= 100) {
            const { guidance, phase } = sitting.show(frame, 0, 100);
            const code = guidance?.code ?? '';
            // The turns begin with a clean slate, after a question that covered all guidance.
            const restarted = phase === 'turning' && !turned;
            turned = phase === 'turning';
            if (code === shown) continue;
            if (shown && code && !restarted) {
              expect(sitting.time - since).toBeGreaterThanOrEqual(sitting.plan.policy.guidance.showMs);
            }
            [shown, since] = [code, sitting.time];
          }
          if (agree) sitting.agree();
        }
      }),
      { numRuns: 100 },
    );
  });
});
