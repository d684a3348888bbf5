import { expect, it } from 'vitest';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import type { SessionState } from '../../src/session/state.js';
import { ASKED, DONE, ENDED, HINTS, patternOf, TICK } from '../../src/view/haptics.js';
import { attemptOf } from './samples.js';

const guided = (code: GuidanceCode, progress = 0, escalation: 0 | 1 | 2 = 0): SessionState => ({
  name: 'framing',
  run: 1,
  waiting: null,
  attempt: attemptOf(),
  guidance: { code, escalation },
  progress,
});
const prompting: SessionState = { name: 'prompting', run: 1, waiting: null, attempt: attemptOf(), reason: 'required' };

it('each direction has a pattern of its own, and a head turn that of the move to the same side', () => {
  const directions: GuidanceCode[] = ['moveLeft', 'moveRight', 'moveUp', 'moveDown', 'moveCloser', 'moveBack'];
  const patterns = [...directions, 'wrongWay' as const].map((code) => HINTS[code]?.join());
  expect(new Set(patterns).size).toBe(patterns.length);
  for (const side of ['Left', 'Right', 'Up', 'Down'] as const) {
    expect(HINTS[`look${side}`]).toEqual(HINTS[`move${side}`]);
  }
});

it('vibrates once for each hint, and again when it escalates', () => {
  expect(patternOf(guided('noFace'), guided('moveLeft'))).toEqual(HINTS.moveLeft);
  expect(patternOf(guided('moveLeft'), guided('moveLeft'))).toBe(null);
  expect(patternOf(guided('moveLeft'), guided('moveLeft', 0, 1))).toEqual(HINTS.moveLeft);
  expect(patternOf(guided('moveLeft'), guided('openEyes'))).toBe(null);
});

it('vibrates once for each quarter of the progress', () => {
  const felt = [0, 0.1, 0.3, 0.4, 0.5, 0.9, 1].map((progress, index, all) =>
    patternOf(guided('holding', all[index - 1] ?? 0), guided('holding', progress)),
  );
  expect(felt).toEqual([null, null, TICK, null, TICK, TICK, TICK]);
});

it('vibrates once for the head-turn prompt, and for failure and success', () => {
  expect(patternOf(guided('holding'), prompting)).toEqual(ASKED);
  expect(patternOf(prompting, prompting)).toBe(null);
  const failure = { code: 'NoFaceDetected', message: '' } as const;
  expect(patternOf(prompting, { name: 'failed', run: 1, failure, attemptsRemaining: 1 })).toEqual(ENDED);
  expect(patternOf(prompting, { name: 'succeeded', run: 1, result: {} as never })).toEqual(DONE);
  expect(patternOf({ name: 'idle' }, { name: 'idle' })).toBe(null);
});
