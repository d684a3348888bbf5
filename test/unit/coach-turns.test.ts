import { describe, expect, it } from 'vitest';
import type { ActiveMotion, HeadTurn } from '../../src/protocol/wire.js';
import type { CapturePhase } from '../../src/protocol/worker-api.js';
import type { FrameChanges } from './samples.js';
import { Sitting } from './sitting.js';

const FAR: Record<HeadTurn, FrameChanges> = {
  lookLeft: { yaw: 18 },
  lookRight: { yaw: -18 },
  lookUp: { pitch: 18 },
  lookDown: { pitch: -18 },
};

describe('head turns', () => {
  const asked = (...directions: ActiveMotion[]) => new Sitting({ mode: 'PassiveActive', required: true, directions });

  /** A session whose hold is over and whose prompt was agreed to. */
  function begun(...directions: ActiveMotion[]): Sitting {
    const sitting = asked(...directions);
    sitting.show({}, 1_000);
    sitting.agree();
    return sitting;
  }

  it('if they are required, the prompt follows the hold', () => {
    const sitting = asked('lookLeft');
    expect(sitting.show({}, 940)).toMatchObject({ phase: 'prompting', promptReason: 'required' });
    expect(sitting.show({ faceCount: 0 }, 60_000).phase, 'waits for the answer').toBe('prompting');
  });

  it('an agreement without a prompt changes nothing', () => {
    const sitting = asked('lookLeft');
    sitting.show({}, 100);
    const before = sitting.state;
    sitting.agree();
    expect(sitting.state).toBe(before);
  });

  it('are asked for in order, and end with captured', () => {
    const directions: HeadTurn[] = ['lookRight', 'lookUp', 'lookLeft'];
    const sitting = begun(...directions);
    for (const direction of directions) {
      expect(sitting.show({}, 1_000), direction).toMatchObject({ phase: 'turning', guidance: { code: direction } });
      expect(sitting.show(FAR[direction], 1_000)).toMatchObject({ guidance: { code: 'returnToCentre' } });
    }
    expect(sitting.show({}, 200)).toMatchObject({ phase: 'captured', progress: 1 });
  });

  it('have the frames of each step kept in a group of its own, under the step’s name', () => {
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

  it('progress goes from the hold’s share to 1 and never decreases', () => {
    const sitting = begun('lookLeft', 'lookRight');
    const start = sitting.show({}, 400).progress;
    sitting.show({ yaw: 18 }, 300);
    const half = sitting.show({}, 400).progress;
    sitting.show({ yaw: -18 }, 300);
    expect(start).toBeCloseTo(0.3, 5);
    expect(half).toBeCloseTo(0.65, 5);
    expect(sitting.show({}, 300).progress).toBe(1);
    const all = sitting.outputs.map(({ progress }) => progress);
    expect(all).toEqual([...all].sort((a, b) => a - b));
  });

  it('a turn in the wrong direction gives wrongWay and does not end the attempt', () => {
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

  it('a smile that is not seen ends with SmileNotPerformed', () => {
    const sitting = begun('smile');
    expect(sitting.show({}, 12_500)).toMatchObject({ phase: 'failed', failure: 'SmileNotPerformed' });
  });

  it('a smile that began too early gives relaxMouth, and ends with SmileNotPerformed if it stays', () => {
    const sitting = begun('lookLeft', 'smile');
    sitting.show({}, 500);
    sitting.show({ yaw: 18, mouthWidth: 0.85 }, 500);
    expect(sitting.show({ mouthWidth: 0.85 }, 3_000)).toMatchObject({ guidance: { code: 'relaxMouth' }, turn: null });
    expect(sitting.show({ mouthWidth: 0.85 }, 9_000)).toMatchObject({ phase: 'failed', failure: 'SmileNotPerformed' });
  });

  it.each([
    ['before a smile', ['smile', 'lookLeft'], []],
    ['after the turn before a smile', ['lookLeft', 'smile'], [{}, { yaw: 18 }]],
  ] as const)('not looking into the camera %s ends with HeadTurnNotPerformed', (_, directions, poses) => {
    const sitting = begun(...directions);
    for (const pose of poses) sitting.show(pose, 500);
    expect(sitting.show({ yaw: 18 }, 13_000)).toMatchObject({ phase: 'failed', failure: 'HeadTurnNotPerformed' });
  });

  it('frames of a smile are kept in a group of their own', () => {
    const sitting = begun('smile');
    sitting.show({}, 500);
    sitting.show({ mouthWidth: 0.85 }, 300);
    const kept = sitting.outputs.flatMap(({ keep }) =>
      keep?.step === 'smile' ? [`${keep.group} ×${keep.wanted}`] : [],
    );
    expect(new Set(kept)).toEqual(new Set(['turned-0 ×2']));
    expect(sitting.show({}, 300).phase).toBe('captured');
  });

  it('prompt reason and failure are in every report of their phase, since one may go unheard', () => {
    const sitting = asked('lookLeft');
    sitting.show({}, 2_000);
    sitting.agree();
    sitting.show({}, 13_000);
    const said = (['promptReason', 'failure'] as const).map((name) =>
      sitting.outputs.flatMap(({ phase, ...output }) => (output[name] ? [`${phase}: ${output[name]}`] : [])),
    );
    const reports = (phase: CapturePhase) => sitting.outputs.filter((output) => output.phase === phase);
    expect(sitting.phases).toEqual(['framing', 'holding', 'prompting', 'turning', 'failed']);
    expect(reports('failed').length).toBeGreaterThan(10);
    expect(said).toEqual([
      reports('prompting').map(() => 'prompting: required'),
      reports('failed').map(() => 'failed: HeadTurnNotPerformed'),
    ]);
  });

  it('turns are measured from the pose of the hold, not from the pose when they begin', () => {
    const sitting = asked('lookDown');
    for (const pitch of [9, 11, 10, 10, 14, 10]) sitting.show({ pitch }, 180);
    sitting.agree();
    sitting.show({ pitch: 14 }, 300);
    expect(sitting.show({ pitch: 5 }, 1_000)).toMatchObject({ guidance: { code: 'lookDown' } });
    expect(sitting.show({ pitch: 1 }, 1_000)).toMatchObject({ guidance: { code: 'returnToCentre' } });
  });

  it('turns are not measured from a hold that was broken off', () => {
    const sitting = asked('lookDown');
    for (let count = 0; count < 2; count++) {
      sitting.show({ pitch: 15 }, 800);
      sitting.show({ yaw: 30 }, 500);
    }
    sitting.show({ pitch: 5 }, 1_000);
    sitting.agree();
    sitting.show({ pitch: 5 }, 300);
    expect(sitting.show({ pitch: 1 }, 1_000)).toMatchObject({ guidance: { code: 'lookDown' } });
  });

  it('time at the prompt does not count towards the first turn', () => {
    const sitting = asked('lookLeft');
    sitting.show({}, 30_000);
    sitting.agree();
    expect(sitting.show({}, 11_000)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
  });

  it('time without pictures counts neither towards a turn nor towards the return', () => {
    const sitting = begun('lookLeft');
    sitting.show({}, 6_000);
    sitting.time += 7_000;
    expect(sitting.show({}, 1_000)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft', escalation: 1 } });
    sitting.show({ yaw: 18 }, 300);
    sitting.time += 7_000;
    expect(sitting.show({ yaw: 18 }, 0)).toMatchObject({ phase: 'turning', guidance: { code: 'returnToCentre' } });
    expect(sitting.show({}, 300).phase).toBe('captured');
  });

  it.each([{ faceCount: 0 }, { faceCount: 2 }])(
    'time without pictures does not count towards the time for which %o is tolerated',
    (changes) => {
      const sitting = begun('lookLeft');
      sitting.show(changes, 2_500);
      sitting.time += 7_000;
      expect(sitting.show(changes, 0).phase).toBe('turning');
      expect(sitting.show({}, 1_000)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
    },
  );

  describe.each([
    ['stands still', { change: 0 }],
    ['is covered', { faceCount: 0, brightness: 0.002, change: 1 }],
  ])('a camera that %s', (_, changes) => {
    it('is reported after `stallMs`, without escalation, and the turn goes on when it is back', () => {
      const sitting = begun('lookLeft');
      sitting.show({}, 1_000);
      const stalled = { phase: 'turning', guidance: { code: 'cameraStalled', escalation: 0 }, turn: null, keep: null };
      expect(sitting.show(changes, 2_900)).toMatchObject(stalled);
      expect(sitting.show(changes, 6_000)).toMatchObject(stalled);
      expect(sitting.show({}, 1_000)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
      sitting.show({ yaw: 18 }, 300);
      expect(sitting.show({}, 300).phase).toBe('captured');
    });

    it('lets a turn that runs out of time, then or later, fail with CameraInterrupted', () => {
      const failed = { phase: 'failed', failure: 'CameraInterrupted' };
      const through = begun('lookLeft');
      through.show({}, 1_000);
      expect(through.show(changes, 11_000).phase).toBe('turning');
      expect(through.show(changes, 500)).toMatchObject(failed);
      const before = begun('lookLeft');
      before.show({}, 1_000);
      before.show(changes, 5_000);
      expect(before.show({}, 6_000).phase).toBe('turning');
      expect(before.show({}, 500)).toMatchObject(failed);
    });

    it('does not change the failure of a later turn', () => {
      const sitting = begun('lookLeft', 'lookRight');
      sitting.show({}, 1_000);
      sitting.show(changes, 5_000);
      sitting.show({ yaw: 18 }, 300);
      sitting.show({}, 12_500);
      expect(sitting.outputs.at(-1)).toMatchObject({ phase: 'failed', failure: 'HeadTurnNotPerformed' });
    });

    it('does not count as a lost face', () => {
      const sitting = begun('lookLeft');
      sitting.show({ faceCount: 0 }, 1_000);
      expect(sitting.show({ ...changes, faceCount: 0 }, 5_000).phase).toBe('turning');
      expect(sitting.show({ faceCount: 0 }, 3_900).phase).toBe('turning');
    });
  });

  it('repeated pictures are not kept, and their time counts towards the turn', () => {
    const sitting = begun('lookLeft');
    sitting.show({}, 1_000);
    sitting.show({ yaw: 18 }, 0);
    expect(sitting.show({ yaw: 18, change: 0 }, 0).keep).toBeNull();
    expect(sitting.show({ yaw: 18 }, 0).keep).toMatchObject({ group: 'turned-0' });
    const twice = begun('lookLeft');
    while (twice.time < 15_000) twice.show({ change: twice.outputs.length % 2 }, 0);
    expect(twice.outputs.at(-1)).toMatchObject({ phase: 'failed', failure: 'HeadTurnNotPerformed' });
  });

  it.each([
    ['no face', { faceCount: 0 }, 'noFace', 'FaceTrackingFailed'],
    ['several faces', { faceCount: 2 }, 'severalFaces', 'MultipleFacesDetected'],
  ] as const)('%s: is reported, tolerated for a while, and then ends the attempt', (_, changes, code, failure) => {
    const sitting = begun('lookLeft');
    sitting.show({}, 800);
    expect(sitting.show(changes, 1_500)).toMatchObject({ phase: 'turning', guidance: { code }, keep: null });
    expect(sitting.show({}, 1_500)).toMatchObject({ phase: 'turning', guidance: { code: 'lookLeft' } });
    expect(sitting.show(changes, 3_500).phase, 'each loss has its own time').toBe('turning');
    sitting.show({}, 500);
    sitting.show(changes, 4_200);
    expect(sitting.outputs.at(-1)).toMatchObject({ phase: 'failed', failure });
  });
});
