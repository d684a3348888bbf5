import { describe, expect, it } from 'vitest';
import { Sitting } from './sitting.js';

describe('a passive capture', () => {
  it('goes from framing with guidance through holding to captured', () => {
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

  it('keeps passive frames while nothing is wrong, and no others', () => {
    const sitting = new Sitting();
    expect(sitting.show({ yaw: 30 }, 300).keep).toBeNull();
    expect(sitting.show({}, 300).keep).toEqual({ group: 'hold', step: 'passive', wanted: 6 });
    expect(sitting.show({ yaw: 30 }, 33).keep).toBeNull();
  });

  it('has the share of the hold as progress', () => {
    const sitting = new Sitting();
    const before = sitting.show({}, 300).progress;
    expect(before).toBeCloseTo(0.3, 1);
    expect(sitting.show({}, 450).progress - before).toBeCloseTo(0.5, 1);
  });

  it('counts a hold from its first good frame, even while a correction is still shown', () => {
    const sitting = new Sitting();
    sitting.show({ yaw: 30 }, 300);
    const begun = sitting.time;
    expect(sitting.show({}, 500)).toMatchObject({ phase: 'framing', guidance: { code: 'lookStraight' }, progress: 0 });
    const told = sitting.show({}, 200);
    expect(told).toMatchObject({ phase: 'holding', guidance: { code: 'holding' } });
    expect(told.progress).toBeGreaterThan(0.7);
    expect(sitting.show({}, begun + 900 - sitting.time).phase).toBe('holding');
    expect(sitting.show({}, 33).phase).toBe('captured');
    expect(sitting.outputs.find(({ keep }) => keep)?.phase, 'pictures are taken from the first').toBe('framing');
  });

  it('changes neither guidance, phase nor progress for single good frames', () => {
    const sitting = new Sitting();
    sitting.show({ yaw: 30 }, 1_000);
    const told = sitting.outputs.length;
    for (let count = 0; count < 20; count++) {
      sitting.show({}, 0);
      sitting.show({ yaw: 30 }, 99);
    }
    expect(sitting.phases).toEqual(['framing']);
    expect(new Set(sitting.outputs.map(({ progress }) => progress))).toEqual(new Set([0]));
    const codes = sitting.outputs.slice(told - 1).map(({ guidance }) => guidance?.code);
    expect(new Set(codes)).toEqual(new Set(['lookStraight']));
  });

  it('does not report the dark of a camera that warms up', () => {
    const sitting = new Sitting();
    sitting.show({ faceCount: 0, brightness: 0.01 }, 150);
    sitting.show({ yaw: 30 }, 500);
    const told = new Set(sitting.outputs.map(({ guidance }) => guidance?.code));
    expect(told).toEqual(new Set([undefined, 'lookStraight']));
  });

  it('pauses the hold and keeps its frames during a lapse shorter than `graceMs`', () => {
    const sitting = new Sitting();
    sitting.show({}, 600);
    const before = sitting.outputs.at(-1)?.progress ?? NaN;
    const lapse = sitting.show({ motion: 3 }, 200);
    expect(lapse).toMatchObject({ phase: 'holding', forget: null, progress: before });
    expect(sitting.show({}, 250).phase).toBe('holding');
    expect(sitting.show({}, 200).phase).toBe('captured');
    expect(sitting.phases).toEqual(['framing', 'holding', 'captured']);
  });

  it('restarts the hold and forgets its frames, once, after a longer lapse', () => {
    const sitting = new Sitting();
    sitting.show({}, 600);
    expect(sitting.show({ motion: 3 }, 400)).toMatchObject({ phase: 'framing', progress: 0 });
    expect(sitting.outputs.filter(({ forget }) => forget === 'hold')).toHaveLength(1);
    expect(sitting.show({}, 800).phase).toBe('holding');
    expect(sitting.show({}, 200).phase).toBe('captured');
  });

  it('forgets a single good frame, once, when a bad one follows', () => {
    const sitting = new Sitting();
    expect(sitting.show({}, 0).keep).not.toBeNull();
    expect(sitting.show({ yaw: 30 }, 0)).toMatchObject({ phase: 'framing', forget: 'hold' });
    sitting.show({ yaw: 30 }, 5_000);
    expect(sitting.outputs.filter(({ forget }) => forget)).toHaveLength(1);
  });

  it('does not count a gap between pictures as hold', () => {
    const slow = new Sitting();
    slow.show({ faceCount: 0 }, 0);
    slow.time = 5_000;
    expect(slow.show({}, 0), 'one good frame after a gap').toMatchObject({ phase: 'holding', progress: 0 });

    const hidden = new Sitting();
    hidden.show({}, 100);
    hidden.time += 20_000;
    expect(hidden.show({}, 0).phase, 'two good frames with a gap between').toBe('holding');
  });

  it('is captured at 2.5 pictures a second too', () => {
    const slow = new Sitting();
    expect(slow.show({}, 4_000, 400).phase).toBe('captured');
    expect(slow.outputs.filter(({ keep }) => keep).length).toBeGreaterThanOrEqual(3);
  });

  it('stays captured when more frames come', () => {
    const sitting = new Sitting();
    sitting.show({}, 1_000);
    const again = sitting.show({ faceCount: 0 }, 500);
    expect(again).toMatchObject({ phase: 'captured', guidance: null, progress: 1, keep: null, forget: null });
  });
});

describe('eyes', () => {
  it('that blink neither cause a correction nor interrupt the hold', () => {
    const sitting = new Sitting();
    sitting.show({}, 300);
    sitting.show({ eyeOpenness: 0.05 }, 200);
    expect(sitting.show({}, 500).phase).toBe('captured');
    expect(sitting.phases).toEqual(['framing', 'holding', 'captured']);
  });

  it('that stay shut stop the hold and give openEyes', () => {
    const sitting = new Sitting();
    expect(sitting.show({ eyeOpenness: 0.05 }, 800)).toMatchObject({ progress: 0, keep: null });
    expect(sitting.show({ eyeOpenness: 0.05 }, 1_000)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'openEyes' },
    });
  });

  it('that never open further delay the capture, but do not prevent it', () => {
    const sitting = new Sitting();
    expect(sitting.show({ eyeOpenness: 0.15 }, 9_000)).toMatchObject({ phase: 'framing', progress: 0 });
    sitting.show({ eyeOpenness: 0.15 }, 3_500);
    expect(sitting.phases).toEqual(['framing', 'holding', 'framing', 'holding', 'captured']);
  });

  it.each([{ sideLight: 0.7 }, { sharpness: 1 }, { motion: 3 }])('that blink do not hide %o', (wrong) => {
    const sitting = new Sitting();
    sitting.show(wrong, 1_000);
    expect(sitting.show({ ...wrong, eyeOpenness: 0.05 }, 300)).toMatchObject({ phase: 'framing', keep: null });
  });
});

describe('a camera that stalls', () => {
  it('has no repeated picture kept, and the hold ends with a new one', () => {
    const sitting = new Sitting();
    sitting.show({}, 300);
    const [kept, time] = [sitting.outputs.filter(({ keep }) => keep).length, sitting.time];
    expect(sitting.show({ change: 0 }, 2_000)).toMatchObject({ phase: 'holding', progress: 1, keep: null });
    expect(sitting.outputs.filter(({ keep }) => keep)).toHaveLength(kept);
    expect(sitting.time - time, 'longer than the hold').toBeGreaterThan(sitting.plan.policy.hold.ms);
    expect(sitting.show({}, 0)).toMatchObject({ phase: 'captured', keep: { group: 'hold' } });
  });

  it.each([
    ['stands still', { change: 0 }],
    ['is covered', { faceCount: 0, brightness: 0.002, change: 1 }],
  ])('gives cameraStalled after `stallMs` if it %s, and is captured when it is back', (_, changes) => {
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
  ] as const)('%s: fails or prompts after %i ms of unsuitable light, and not before', (mode, limit) => {
    const sitting = new Sitting({ mode, directions: mode === 'Passive' ? [] : ['lookLeft'] });
    expect(sitting.show({ faceBrightness: 0.05 }, limit - 50).phase).toBe('framing');
    sitting.show({ faceBrightness: 0.05 }, 150);
    expect(sitting.outputs.find(({ phase }) => phase !== 'framing')).toMatchObject(
      mode === 'Passive'
        ? { phase: 'failed', failure: 'EnvironmentNotSupported', guidance: null }
        : { phase: 'prompting', promptReason: 'tooDark' },
    );
  });

  it('does not count time without pictures as unsuitable', () => {
    const sitting = new Sitting();
    sitting.show({ faceBrightness: 0.05 }, 15_000);
    sitting.time += 7_000;
    expect(sitting.show({ faceBrightness: 0.05 }, 0)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'tooDark' },
    });
  });

  it('prompts with the reason tooBright if there is too much', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookUp'] });
    expect(sitting.outputs).toEqual([]);
    sitting.show({ faceBrightness: 0.97 }, 4_100);
    expect(sitting.outputs.find(({ phase }) => phase === 'prompting')?.promptReason).toBe('tooBright');
  });

  it('restarts the time when it is good in between', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookLeft'] });
    for (let count = 0; count < 4; count++) {
      sitting.show({ faceBrightness: 0.05 }, 3_500);
      sitting.show({ yaw: 30 }, 200);
    }
    expect(sitting.phases).toEqual(['framing']);
  });

  it('does not prompt for head turns in the dark until a face is seen', () => {
    const sitting = new Sitting({ mode: 'PassiveActive', directions: ['lookLeft'] });
    expect(sitting.show({ faceCount: 0, brightness: 0.03 }, 30_000)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'tooDark', escalation: 2 },
    });
    expect(sitting.show({ faceBrightness: 0.05 }, 0)).toMatchObject({ phase: 'prompting', promptReason: 'tooDark' });
  });

  it('fails a passive attempt in the dark with EnvironmentNotSupported, even without a face', () => {
    const sitting = new Sitting();
    sitting.show({ faceCount: 0, brightness: 0.03 }, 20_100);
    expect(sitting.outputs.find(({ failure }) => failure)?.failure).toBe('EnvironmentNotSupported');
  });

  it('gives guidance instead of a prompt if there are no directions to ask for', () => {
    const sitting = new Sitting({ mode: 'PassiveActive' });
    expect(sitting.show({ faceBrightness: 0.05 }, 30_000)).toMatchObject({
      phase: 'framing',
      guidance: { code: 'tooDark', escalation: 2 },
    });
  });
});
