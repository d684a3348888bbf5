import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../demo/server/judge/default/evidence/poses.js';
import { DEFAULT_POLICY as POLICY } from '../../src/protocol/policy.js';
import { HEAD_TURNS, type ActiveMotion, type HeadTurn } from '../../src/protocol/wire.js';
import { isLate, startTurns, stepTurns, type TurnsState, type TurnsStep } from '../../worker/guide/turns.js';
import { frameOf } from './samples.js';

interface Pose {
  yaw?: number;
  pitch?: number;
  aspect?: number;
  mouthWidth?: number;
}

/** A step, and whether the turn is late by then. */
type Step = TurnsStep & { late: boolean };

/** A head that stays in each pose for some milliseconds, at 30 pictures a second. */
class Head {
  state: TurnsState = startTurns(0, null);
  time = 0;
  readonly #directions: ActiveMotion[];

  constructor(...directions: ActiveMotion[]) {
    this.#directions = directions;
  }

  /** @returns every step taken */
  hold(pose: Pose, milliseconds: number): Step[] {
    const steps: Step[] = [];
    for (const end = this.time + milliseconds; this.time < end; this.time += 33) {
      const { measurements } = frameOf(pose);
      if (!measurements) throw new Error('No measurements');
      const step = stepTurns(this.state, measurements, this.time, this.#directions, POLICY);
      this.state = step.state;
      steps.push({ ...step, late: isLate(step.state, this.time, POLICY.turn) });
    }
    return steps;
  }

  last(pose: Pose, milliseconds: number): Step {
    return this.hold(pose, milliseconds).at(-1) as Step;
  }
}

const FAR: Record<HeadTurn, Pose> = {
  lookLeft: { yaw: 18 },
  lookRight: { yaw: -18 },
  lookUp: { pitch: 18 },
  lookDown: { pitch: -18 },
};
const OPPOSITE: Record<HeadTurn, HeadTurn> = {
  lookLeft: 'lookRight',
  lookRight: 'lookLeft',
  lookUp: 'lookDown',
  lookDown: 'lookUp',
};

describe.each(HEAD_TURNS)('%s', (direction) => {
  it('is asked for from the frontal pose, counts when made, and is done after the return', () => {
    const head = new Head(direction);
    expect(head.hold({}, 30)[0]).toMatchObject({ call: 'returnToCentre', role: 'centre' });
    const asked = head.last({}, 200);
    expect(asked).toMatchObject({ call: direction, progress: { direction, index: 0, count: 1 } });
    expect(asked.progress?.share).toBeCloseTo(0, 9);
    expect(head.last(FAR[direction], 200).call).toBe('returnToCentre');
    expect(head.state.stage).toBe('centre');
    head.hold({}, 200);
    expect(head.state.stage).toBe('done');
  });

  it('gives wrongWay and does not count in the opposite direction', () => {
    const head = new Head(direction);
    head.hold({}, 200);
    const step = head.last(FAR[OPPOSITE[direction]], 3_000);
    expect(step).toMatchObject({ call: 'wrongWay', role: null });
    expect(step.progress?.share).toBeLessThan(0);
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
  });

  it('does not count if it is shorter than `turn.ms`', () => {
    const head = new Head(direction);
    head.hold({}, 200);
    for (let count = 0; count < 10; count++) {
      head.hold(FAR[direction], POLICY.turn.ms - 40);
      head.hold({}, 100);
    }
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
  });
});

it('a turn on another axis gives wrongWay too', () => {
  const head = new Head('lookUp');
  head.hold({}, 200);
  expect(head.last({ yaw: 15 }, 200).call).toBe('wrongWay');
});

it('a turn that is asked for and tilts a little on the way does not give wrongWay', () => {
  const head = new Head('lookLeft');
  head.hold({}, 200);
  expect(head.last({ yaw: 4, pitch: 6 }, 100)).toMatchObject({ call: 'lookLeft', role: 'way' });
});

describe('in line with the judge, which takes the direction of the largest share', () => {
  it.each([
    [9, 13],
    [9, -13],
    [3, 9],
  ])('yaw %d, pitch %d is neither a turn to the left nor on the way there', (yaw, pitch) => {
    expect(positionOf(yaw, pitch)).not.toBe('lookLeft');
    const head = new Head('lookLeft');
    head.hold({}, 200);
    const step = head.last({ yaw, pitch }, 1_000);
    expect(step).toMatchObject({ call: 'lookLeft', role: null });
    expect(step.progress?.share, 'as much as is shown').toBeLessThan(1);
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
    head.hold({ yaw: 15, pitch }, 200);
    expect(head.state, 'turned further').toMatchObject({ index: 1, stage: 'centre' });
  });

  it('a pose that counts here counts there, and no pose on the way is another turn there', () => {
    const angle = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...HEAD_TURNS), angle, angle, (direction, yaw, pitch) => {
        const head = new Head(direction);
        head.hold({}, 200);
        const { role } = head.last({ yaw, pitch }, 30);
        const there = positionOf(yaw, pitch);
        if (role === 'turned') expect(there).toBe(direction);
        if (role === 'way') expect([direction, 'between', 'frontal']).toContain(there);
      }),
    );
  });
});

describe('a smile', () => {
  const AT_REST = { mouthWidth: 0.66 };
  const SMILING = { mouthWidth: 0.8 };

  it('is asked for from a mouth at rest, counts when made, and does not have to end', () => {
    const head = new Head('smile', 'lookLeft');
    expect(head.last(AT_REST, 200)).toMatchObject({
      call: 'smile',
      progress: { direction: 'smile', index: 0, count: 2 },
    });
    expect(head.last(AT_REST, 1_000)).toMatchObject({ call: 'smile', role: null });
    expect(head.last({ mouthWidth: 0.72 }, 100)).toMatchObject({ call: 'smile', role: 'way' });
    expect(head.hold(SMILING, 200).map(({ role }) => role)).toContain('turned');
    expect(head.last(SMILING, 200), 'smiles on').toMatchObject({ call: 'lookLeft' });
    head.hold({ ...SMILING, yaw: 18 }, 200);
    head.hold(SMILING, 200);
    expect(head.state.stage).toBe('done');
  });

  it('does not count for a mouth that is always wide', () => {
    const head = new Head('smile');
    head.hold(SMILING, 200);
    expect(head.last(SMILING, 2_000)).toMatchObject({ call: 'smile', role: null, progress: { share: 0 } });
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
  });

  it('is asked for only once the mouth is at rest again', () => {
    const head = new Head('lookLeft', 'smile');
    head.hold(AT_REST, 200);
    head.hold({ ...SMILING, yaw: 18 }, 200);
    expect(head.last({ ...SMILING, yaw: 18 }, 1_000)).toMatchObject({ call: 'returnToCentre', role: null });
    expect(head.last(SMILING, 1_000)).toMatchObject({ call: 'relaxMouth', role: null });
    expect(head.last(AT_REST, 200).call).toBe('smile');
  });

  it('does not count with the head turned away, which gives returnToCentre', () => {
    const head = new Head('smile');
    head.hold(AT_REST, 200);
    for (const yaw of [15, POLICY.turn.frontal + 0.1]) {
      expect(head.last({ ...SMILING, yaw }, 1_000)).toMatchObject({ call: 'returnToCentre', role: null });
    }
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
  });

  it('has a share of −1 for a pressed mouth', () => {
    const head = new Head('smile');
    head.hold(AT_REST, 200);
    expect(head.last({ mouthWidth: 0.55 }, 100).progress?.share).toBe(-1);
  });
});

it('turns are measured from the person’s own frontal pose, wherever the camera stands', () => {
  const low = { yaw: 3, pitch: 20 };
  const head = new Head('lookUp');
  head.hold(low, 200);
  expect(head.last(low, 1_000).call, 'a raised head that stays is no turn').toBe('lookUp');
  expect(head.state.stage).toBe('out');
  expect(head.last({ ...low, pitch: 30 }, 200).call).toBe('returnToCentre');
  head.hold({ yaw: 3, pitch: 0 }, 500);
  expect(head.state.stage, 'level is not this person’s frontal').toBe('centre');
  head.hold(low, 200);
  expect(head.state.stage).toBe('done');
});

describe('a tilted flat picture does not count as a head that turns', () => {
  it.each([
    ['narrow', 'lookLeft', { yaw: 18, aspect: 0.5 }],
    ['low', 'lookUp', { pitch: 18, aspect: 1.1 }],
  ] as const)('if its face becomes %s', (_, direction, pose) => {
    const head = new Head(direction);
    head.hold({}, 200);
    const step = head.last(pose, 3_000);
    expect(step).toMatchObject({ role: null, progress: { share: 0 } });
    expect(head.state).toMatchObject({ index: 0, stage: 'out' });
  });

  it('by comparison with the person’s own face', () => {
    const head = new Head('lookLeft');
    head.hold({ aspect: 0.95 }, 200);
    head.hold({ yaw: 18, aspect: 0.9 }, 200);
    expect(head.state).toMatchObject({ index: 1, stage: 'centre' });
  });
});

it('the first turn does not begin while the head is turned away', () => {
  const head = new Head('lookLeft');
  expect(head.last({ yaw: 25 }, 3_000)).toMatchObject({ call: 'returnToCentre', progress: null, role: null });
  expect(head.state).toMatchObject({ stage: 'centre', frontal: null });
});

it('each turn counts only after a return', () => {
  const head = new Head('lookLeft', 'lookRight', 'lookLeft');
  head.hold({}, 200);
  head.hold(FAR.lookLeft, 200);
  head.hold(FAR.lookRight, 1_000);
  expect(head.state, 'straight from left to right').toMatchObject({ index: 1, stage: 'centre' });
  head.hold({}, 200);
  expect(head.state).toMatchObject({ index: 1, stage: 'out' });
  head.hold(FAR.lookRight, 200);
  head.hold({}, 200);
  head.hold(FAR.lookLeft, 200);
  expect(head.last({}, 200).role).toBe('centre');
  expect(head.state).toMatchObject({ index: 3, stage: 'done' });
});

it('a turn that is held for long does not count twice', () => {
  const head = new Head('lookLeft', 'lookLeft');
  head.hold({}, 200);
  head.hold(FAR.lookLeft, 2_000);
  expect(head.state).toMatchObject({ index: 1, stage: 'centre' });
});

it.each([
  ['lookUp', { pitch: -12, yaw: 3 }],
  ['lookDown', { pitch: 12, yaw: -3 }],
  ['lookLeft', { yaw: -12, pitch: 3 }],
  ['lookRight', { yaw: 12, pitch: -3 }],
] as const)('the way back, %s, is given after half of the time if the device was moved', (wayBack, moved) => {
  const head = new Head('lookLeft');
  head.hold({}, 200);
  head.hold(FAR.lookLeft, 200);
  const { centreSince } = head.state;
  expect(head.last(moved, centreSince + POLICY.turn.limitMs / 2 - head.time).call).toBe('returnToCentre');
  expect(head.last(moved, 100)).toMatchObject({ call: wayBack, progress: null, role: null, late: false });
  expect(head.last({}, 100), 'on the way to be back').toMatchObject({ call: 'returnToCentre', role: 'centre' });
  head.hold({}, 100);
  expect(head.state.stage).toBe('done');
});

it('a turn that begins late is followed by returnToCentre, not by another turn', () => {
  const head = new Head('lookLeft', 'lookRight');
  head.hold({}, 200);
  head.hold({}, 7_000);
  const turned = head.hold(FAR.lookLeft, 1_000).slice(-20);
  expect(turned.map(({ call }) => call)).toEqual(turned.map(() => 'returnToCentre'));
  head.hold({}, 200);
  expect(head.state).toMatchObject({ index: 1, stage: 'out' });
});

describe('time', () => {
  it('a turn that is not made is late after `limitMs`, and not before', () => {
    const head = new Head('lookLeft');
    head.hold({}, 200);
    const { since } = head.state;
    const untilLimit = since + POLICY.turn.limitMs - head.time;
    expect(head.hold({}, untilLimit).map(({ late }) => late)).not.toContain(true);
    expect(head.last({}, 100).late).toBe(true);
  });

  it('each turn has a time of its own', () => {
    const head = new Head('lookLeft', 'lookRight');
    head.hold({}, 200);
    head.hold({}, POLICY.turn.limitMs - 2_000);
    head.hold(FAR.lookLeft, 200);
    head.hold({}, 200);
    expect(head.state).toMatchObject({ index: 1, stage: 'out' });
    expect(head.last({}, POLICY.turn.limitMs - 1_000).late).toBe(false);
  });

  it('a return that never comes is late', () => {
    const head = new Head('lookLeft');
    head.hold({}, 200);
    head.hold(FAR.lookLeft, 200);
    expect(head.last(FAR.lookLeft, POLICY.turn.limitMs + 100).late).toBe(true);
  });

  it('a frontal pose that never comes is late', () => {
    const head = new Head('lookLeft');
    expect(head.last({ yaw: 30 }, POLICY.turn.limitMs + 100).late).toBe(true);
  });
});

it('frames have the role centre, way or turned, or none between centre and way', () => {
  const head = new Head('lookLeft');
  const roles = [{}, { yaw: 1 }, { yaw: 4 }, { yaw: 7 }, { yaw: 12 }].map((pose) => head.hold(pose, 180)[1]?.role);
  expect(roles).toEqual(['centre', null, 'way', 'way', 'turned']);
});

it('any poses keep the share within −1…1 and the index within the turns, which never goes back', () => {
  const angle = fc.double({ min: -60, max: 60, noNaN: true });
  const poses = fc.array(fc.tuple(angle, angle, fc.integer({ min: 1, max: 600 })), { maxLength: 80 });
  const turns = fc.array(fc.constantFrom(...HEAD_TURNS), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(turns, poses, (directions, list) => {
      const head = new Head(...directions);
      let index = 0;
      for (const [yaw, pitch, milliseconds] of list) {
        if (head.state.stage === 'done') return;
        for (const { progress, state } of head.hold({ yaw, pitch }, milliseconds)) {
          expect(state.index).toBeGreaterThanOrEqual(index);
          expect(state.index - index).toBeLessThanOrEqual(1);
          index = state.index;
          if (!progress) continue;
          expect(Math.abs(progress.share)).toBeLessThanOrEqual(1);
          expect(progress.direction).toBe(directions[progress.index]);
          expect(progress.count).toBe(directions.length);
        }
      }
      expect(index).toBeLessThanOrEqual(directions.length);
    }),
  );
});
