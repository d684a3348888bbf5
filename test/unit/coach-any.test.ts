import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturePhase } from '../../src/protocol/worker-api.js';
import { HEAD_TURNS } from '../../src/protocol/wire.js';
import { Sitting } from './sitting.js';

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

  it('never throws, changes only to legal phases, always gives guidance, keeps progress in 0…1', () => {
    fc.assert(
      fc.property(plans, scenes, (changes, list) => {
        const sitting = new Sitting(changes);
        for (const { frame, milliseconds, agree } of list) {
          sitting.show(frame, milliseconds, 100);
          if (agree) sitting.agree();
        }
        let before: CapturePhase = 'framing';
        for (const [at, { phase, guidance, progress, promptReason, failure }] of sitting.outputs.entries()) {
          // The first frame after the agreement may already complete or fail the turns.
          const ways = before === 'prompting' ? [...NEXT.prompting, ...NEXT.turning] : NEXT[before];
          expect(ways).toContain(phase);
          // Frames are 100 ms apart.
          const isSettling = at * 100 < 2 * sitting.plan.policy.guidance.settleMs;
          if (phase === 'framing' && !isSettling) expect(guidance).not.toBeNull();
          if (phase === 'turning') expect(guidance).not.toBeNull();
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

  it('alternates `framing` and `holding` at most once per `showMs`, in line with the guidance shown', () => {
    // The pose may change with every frame, as if the person swayed at the edge of a threshold.
    const moments = fc.array(fc.record({ frame: frames, milliseconds: fc.nat(400) }), { maxLength: 120 });
    fc.assert(
      fc.property(plans, moments, (changes, list) => {
        const sitting = new Sitting(changes);
        let [before, since]: [CapturePhase, number] = ['framing', -Infinity];
        for (const { frame, milliseconds } of list) {
          const end = sitting.time + milliseconds;
          do {
            const { time } = sitting;
            const { phase, guidance } = sitting.show(frame, 0);
            if (phase !== 'framing' && phase !== 'holding') return;
            expect(phase).toBe(guidance?.code === 'holding' ? 'holding' : 'framing');
            if (phase === before) continue;
            expect(time - since).toBeGreaterThanOrEqual(sitting.plan.policy.guidance.showMs);
            [before, since] = [phase, time];
          } while (sitting.time < end);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes guidance at most once per `showMs` in one phase', () => {
    fc.assert(
      fc.property(plans, scenes, (changes, list) => {
        const sitting = new Sitting(changes);
        let [shown, since, turned] = ['', -Infinity, false];
        for (const { frame, milliseconds, agree } of list) {
          for (let left = milliseconds; left > 0; left -= 100) {
            const { guidance, phase } = sitting.show(frame, 0, 100);
            const code = guidance?.code ?? '';
            // The turns start guidance anew, since the prompt has covered the guidance before.
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
