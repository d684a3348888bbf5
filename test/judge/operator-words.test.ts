/** How the operator page shows evidence: it has words for everything the judge can say, and omits what is malformed. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toneAndWords } from '../../demo/operator/decision-mark.js';
import { judgeEvidence } from '../../demo/operator/evidence/judge-evidence.js';
import {
  chartWords,
  decisionWords,
  kindWords,
  limitWords,
  poseWords,
  valueWords,
} from '../../demo/operator/evidence/words.js';
import { REASONS } from '../../demo/server/judge/default/evidence/evidence.js';
import { reasonWords, REASONS as WORDS } from '../../demo/common/reasons.js';

const EVIDENCE = new URL('../../demo/server/judge/default/evidence/', import.meta.url);

describe('the operator page’s words', () => {
  it('exist for every reason the judge can give, and quote any other reason', () => {
    expect([...WORDS.keys()].sort()).toEqual([...REASONS, 'NoJudgeConfigured'].sort());
    expect(reasonWords('constructor'), 'another judge’s').toBe('The judge’s reason is “constructor”.');
  });

  it('exist for every finding the judge can make, and are empty for any other', () => {
    const sources = readdirSync(EVIDENCE).map((name) => readFileSync(new URL(name, EVIDENCE), 'utf8'));
    const names = sources.flatMap((source) => [...source.matchAll(/\bname: [`'](\w+)/g)].map(([, name = '']) => name));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(kindWords(name).meaning, name).not.toBe('');
    expect(kindWords('constructor'), 'another judge’s').toEqual({ title: 'constructor', meaning: '' });
  });

  it('say that what is undecided is not a pass, and quote an unknown reason', () => {
    expect(decisionWords({ livenessDecision: 'uncertain', reason: 'NoFace' })).toMatch(/Undecided.*not a pass/);
    expect(decisionWords({ livenessDecision: 'spoofface', reason: 'Own' })).toContain('“Own”');
    expect(decisionWords({})).toBe('Undecided: this is not a pass.');
  });

  it('have the tone of a pass only for realface, and not when it is another person', () => {
    expect(toneAndWords({ livenessDecision: 'realface' })).toEqual(['good', 'realface']);
    expect(toneAndWords({ livenessDecision: 'uncertain' })).toEqual(['open', 'uncertain']);
    expect(toneAndWords({ livenessDecision: 'spoofface' })).toEqual(['bad', 'spoofface']);
    expect(toneAndWords({})).toEqual(['unknown', 'no decision']);
    const verified = (isIdentical: boolean) => ({ livenessDecision: 'realface', verifyResult: { isIdentical } });
    expect(toneAndWords(verified(true))).toEqual(['good', 'realface']);
    expect(toneAndWords(verified(false))).toEqual(['bad', 'realface, another person']);
  });

  it('give values with units and plurals, and limits as at least, at most or between', () => {
    const finding = { name: 'time.lookLeft', finding: 'supports', value: 1234.5, unit: 'ms' } as const;
    expect(valueWords(finding)).toBe(`${(1235).toLocaleString()} ms`);
    const counted = (value: number, unit: string) => valueWords({ ...finding, value, unit });
    expect(counted(1, 'files of another attempt')).toBe('1 file of another attempt');
    expect(counted(1, 'turned frames of one other attempt')).toBe('1 turned frame of one other attempt');
    expect(counted(2, 'frames of something else')).toBe('2 frames of something else');
    expect(limitWords(finding)).toBe('');
    expect(limitWords({ ...finding, atLeast: 1 })).toBe('at least 1');
    expect(limitWords({ ...finding, atMost: 2 })).toBe('at most 2');
    expect(limitWords({ ...finding, atLeast: 1, atMost: 2 })).toBe('between 1 and 2');
    const score = { ...finding, value: 0.9962, atLeast: 0.9985 };
    expect([valueWords(score), limitWords(score)]).toEqual([
      `${(0.996).toLocaleString()} ms`,
      `at least ${(0.999).toLocaleString()}`,
    ]);
    expect(limitWords({ ...finding, value: 150.2, atMost: 150.4 })).toBe(`at most ${(150.4).toLocaleString()}`);
    expect(limitWords({ ...finding, value: 0.00001, atMost: 0 })).toBe('at most 0');
    expect(valueWords({ ...finding, value: 'drawn lookLeft; found lookUp' })).toBe('drawn left; found up');
  });

  it('describe only what the charts show', () => {
    const frame = { fileName: 'a', timeOffsetInMs: 0, step: 'passive', faceCount: 1, faceRectangle: null };
    const evidence = {
      challenge: [],
      findings: [],
      frames: [{ ...frame, fromFrontal: null }],
      turn: null,
      verify: null,
    };
    expect(chartWords(evidence)).toBe('Each dot is a picture.');
    const turned = { ...frame, step: 'lookUp', fromFrontal: null };
    expect(
      chartWords({ ...evidence, challenge: ['lookUp', 'smile'], frames: [turned], turn: { yaw: 1, pitch: 1 } }),
    ).toBe(
      'Drawn for this attempt, in this order: up, smile. Shaded: the time in which that turn was asked for. ' +
        'Each dot is a picture; beyond the dashed lines a head counts as turned.',
    );
  });

  it('give the turn of a head in degrees, or the number of faces if it is not one', () => {
    const frame = { fileName: 'a', timeOffsetInMs: 0, step: 'passive', faceCount: 1, faceRectangle: null };
    expect(poseWords({ ...frame, fromFrontal: { yaw: 12.4, pitch: -3.6 } })).toBe('12° left, 4° down');
    expect(poseWords({ ...frame, faceCount: 0, fromFrontal: null })).toBe('no face');
    expect(poseWords({ ...frame, faceCount: 2, fromFrontal: { yaw: 0, pitch: 0 } })).toBe('2 faces');
  });
});

describe('evidence of another judge', () => {
  it.each([undefined, null, 7, 'text', [[]], {}, { findings: 'none' }, { findings: [{ name: 'x' }], frames: [1] }])(
    'is not shown when it is %j',
    (evidence) => expect(judgeEvidence({ evidence })).toBeNull(),
  );

  it('is shown without the parts that cannot be read', () => {
    const good = { name: 'own', finding: 'doubts', value: 3 };
    const frame = { fileName: 'a', timeOffsetInMs: 1, step: 'passive', faceCount: 1 };
    const evidence = {
      challenge: ['lookLeft', 'lookAway'],
      findings: [good, { ...good, finding: 'perhaps' }, { ...good, value: null }, { ...good, atMost: 'much' }],
      frames: [
        { ...frame, faceRectangle: null, fromFrontal: null },
        { ...frame, faceRectangle: {}, fromFrontal: null },
      ],
      turn: { yaw: 7 },
      verify: { frame: 'a' },
    };
    expect(judgeEvidence({ evidence })).toEqual({
      challenge: ['lookLeft'],
      findings: [good],
      frames: [{ ...frame, faceRectangle: null, fromFrontal: null }],
      turn: null,
      verify: null,
    });
  });
});
