/** An operator's own ONNX model: run by the real runtime, checked when the judge starts, added to its evidence. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configureJudge, readJudgeSettings } from '../../demo/server/judge/configure.js';
import { loadAttackModel, MOST } from '../../demo/server/judge/default/attack-model/attack-model.js';
import {
  readDescription,
  type AttackModelDescription,
} from '../../demo/server/judge/default/attack-model/description.js';
import { defaultJudge } from '../../demo/server/judge/default/default-judge.js';
import { startService } from '../service/harness.js';
import { openCourt, truthfulSubmission } from './court.js';
import { ASSETS, THREAD } from './judge.js';
import { meanColourModel, type MeanColourModel } from './onnx.js';
import { portrait, portraitAs } from './pictures.js';

const SIZE = 16;
const directory = mkdtempSync(join(tmpdir(), 'attack-model-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The output of the first class is the first channel's mean; that of the second class, the last channel's. */
const FIRST_AND_LAST: MeanColourModel = { shape: [1, 3, SIZE, SIZE], axes: [2, 3], weights: [[1, 0, 0], [0, 0, 1]] }; // prettier-ignore

type Change = Omit<Partial<AttackModelDescription>, 'input' | 'output'> & {
  input?: Partial<AttackModelDescription['input']>;
  output?: Partial<AttackModelDescription['output']>;
};

let count = 0;
/** Writes a model and its description. @returns the description's path */
function written(change: Change = {}, model: Uint8Array = meanColourModel(FIRST_AND_LAST)): string {
  const name = `model-${++count}`;
  writeFileSync(join(directory, `${name}.onnx`), model);
  const description = {
    name: 'mean-colour',
    model: `${name}.onnx`,
    sha256: createHash('sha256').update(model).digest('hex'),
    crops: [1],
    thresholds: { live: 0.1, attack: -0.1 },
    ...change,
    input: { size: SIZE, layout: 'NCHW', colours: 'RGB', scale: 1 / 255, ...change.input },
    output: { liveIndex: 0, values: 'logits', ...change.output },
  };
  const path = join(directory, `${name}.json`);
  writeFileSync(path, JSON.stringify(description));
  return path;
}

/** The face's rectangle is filled with red 200, green 100, blue 50; the rest of the picture is black. */
const FACE = { left: 20, top: 20, width: 40, height: 40 };
function picture() {
  const data = new Uint8Array(80 * 80 * 4).fill(0);
  for (let y = 20; y < 60; y++) for (let x = 20; x < 60; x++) data.set([200, 100, 50, 255], (y * 80 + x) * 4);
  return { width: 80, height: 80, data };
}

describe('the attack model’s score', () => {
  const score = async (change: Change, model?: Uint8Array) =>
    (await loadAttackModel(readDescription(written(change, model)))).score(picture(), FACE);

  it('is the log-odds of the live class, with colour order, class index and scale as described', async () => {
    expect(await score({})).toBeCloseTo(150 / 255, 2);
    expect(await score({ input: { colours: 'BGR' } })).toBeCloseTo(-150 / 255, 2);
    expect(await score({ output: { liveIndex: 1 } })).toBeCloseTo(-150 / 255, 2);
    expect(await score({ input: { scale: 1 / 100 } })).toBeCloseTo(1.5, 1);
  });

  it('subtracts each channel’s mean and divides by its deviation', async () => {
    const input = { scale: 1 / 100, mean: [1, 0, 0.25], deviation: [0.5, 1, 0.125] } as const;
    const { mean, deviation, scale } = input;
    const change: Change = { input: { scale, mean: [...mean], deviation: [...deviation] } };
    expect(await score(change)).toBeCloseTo((2 - 1) / 0.5 - (0.5 - 0.25) / 0.125, 1);
  });

  it('is the same for a model with NHWC layout', async () => {
    const last = meanColourModel({ ...FIRST_AND_LAST, shape: [1, SIZE, SIZE, 3], axes: [1, 2] });
    expect(await score({ input: { layout: 'NHWC' } }, last)).toBeCloseTo(150 / 255, 2);
  });

  it('is the mean over the described crops, each sized as a multiple of the face', async () => {
    // Three quarters of a crop with twice the face's side are black.
    expect(await score({ crops: [2] })).toBeCloseTo(150 / 255 / 4, 1);
    expect(await score({ crops: [1, 2] })).toBeCloseTo((150 / 255) * 0.625, 1);
  });

  it('is capped at MOST, and is the same log-odds where the model gives probabilities', async () => {
    expect(await score({ input: { scale: 1 } })).toBe(MOST);
    const shares = meanColourModel({ ...FIRST_AND_LAST, weights: [[1, 0, 0], [0, 0, 0.8]] }); // prettier-ignore
    const likely = { values: 'probabilities' } as const;
    expect(await score({ output: likely }, shares)).toBeCloseTo(Math.log(200 / 55), 1);
  });

  it('weighs the live class of a model with three classes against both others', async () => {
    const three = meanColourModel({ ...FIRST_AND_LAST, weights: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] }); // prettier-ignore
    const others = Math.log(Math.exp(100 / 255) + Math.exp(50 / 255));
    expect(await score({}, three)).toBeCloseTo(200 / 255 - others, 2);
  });
});

describe('configureJudge with an attack model', () => {
  const configured = (path: string, thread = THREAD) =>
    configureJudge(
      readJudgeSettings({ LIVENESS_JUDGE: 'default', LIVENESS_ATTACK_MODEL: path, LIVENESS_JUDGE_THREADS: '1' }),
      { database: {} as never, thread, assets: ASSETS, onThreadLost: () => undefined },
    );

  const text = (content: string): string => {
    const path = join(directory, `text-${++count}.json`);
    writeFileSync(path, content);
    return path;
  };

  it.each<[string, () => string, string | RegExp]>([
    ['a missing description', () => join(directory, 'missing.json'), 'missing.json cannot be read'],
    ['a description that is not JSON', () => text('{'), 'cannot be read as JSON'],
    [
      'a description without the colour order and the live class',
      () => written({ input: { colours: undefined as never }, output: { liveIndex: undefined as never } }),
      /does not describe a model[^]*→ at input\.colours[^]*→ at output\.liveIndex/,
    ],
    ['a missing model file', () => written({ model: 'nowhere.onnx' }), 'nowhere.onnx'],
    [
      'a model file with another SHA-256 than described',
      () => written({ sha256: '0'.repeat(64) }),
      /SHA-256 [0-9a-f]{64}, but its description says 0{64}/,
    ],
    [
      'a file that is not a model',
      () => written({}, new TextEncoder().encode('not a model')),
      'not a model that can be run',
    ],
    [
      'an input size the model does not take',
      () => written({ input: { size: SIZE * 2 } }),
      'cannot be run as it is described',
    ],
    [
      'a layout the model does not take',
      () => written({ input: { layout: 'NHWC' } }),
      'cannot be run as it is described',
    ],
    ['a class index the model does not have', () => written({ output: { liveIndex: 2 } }), 'needs a class 2'],
  ])('rejects %s', async (_, path, message) => {
    await expect(configured(path())).rejects.toThrow(message);
  });

  it('rejects a missing onnxruntime-web by name; a judge without an attack model works without it', async () => {
    const thread = new URL('./threads/without-runtime.mjs', import.meta.url);
    await expect(configured(written(), thread)).rejects.toThrow('needs the package onnxruntime-web');
    const court = await openCourt({ thread });
    await court.judge.ready();
    expect(await court.judge.examineVerifyImage?.(portrait(), AbortSignal.timeout(60_000))).toMatchObject({
      qualityForRecognition: expect.stringMatching(/low|medium|high/) as string,
    });
    await court.close();
  });

  it('starts threads with the description as it was first read, though the file has been overwritten since', async () => {
    const path = written();
    const judge = defaultJudge({
      database: {} as never,
      thread: THREAD,
      assets: ASSETS,
      threads: 1,
      attackModel: path,
    });
    writeFileSync(path, 'another description');
    await judge.ready();
    await judge.close();
  });

  it('resolves for a model that can be used, and the service is ready at once', async () => {
    const judge = await configured(written());
    const service = await startService('SQLite', { judge });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    await service.close();
    await judge.close?.();
  });
});

describe('the decision on a passive session', () => {
  /** Four pictures of one person, in which skin is more red than blue. */
  const submission = Promise.all(
    ['franck_01829', 'franck_02159', 'franck_02221', 'franck_04000'].map((name) =>
      portraitAs((p) => p.jpeg({ quality: 95 }), `${name}.jpg`),
    ),
  ).then((pictures) => truthfulSubmission(pictures));

  const decide = async (change: Change) => {
    const court = await openCourt({ attackModel: written(change) });
    try {
      const { livenessDecision, reason, evidence } = await court.decide(await submission);
      const finding = (name: string) => evidence?.findings.find((one) => one.name === name);
      return { livenessDecision, reason, model: finding('attackModel.mean-colour'), challenge: finding('challenge') };
    } finally {
      await court.close();
    }
  };

  it('is realface when the attack model finds the face live and decidesPassive is set', async () => {
    const { livenessDecision, reason, model, challenge } = await decide({ decidesPassive: true });
    expect(model).toMatchObject({ finding: 'supports', atLeast: 0.1 });
    expect(challenge).toMatchObject({ finding: 'absent' });
    expect({ livenessDecision, reason }).toEqual({ livenessDecision: 'realface', reason: undefined });
  });

  it('is uncertain with ActiveMotionNeeded when the model finds the face live without decidesPassive', async () => {
    const { livenessDecision, reason, model } = await decide({});
    expect(model?.finding).toBe('supports');
    expect({ livenessDecision, reason }).toEqual({ livenessDecision: 'uncertain', reason: 'ActiveMotionNeeded' });
  });

  it('is spoofface below the model’s attack threshold and uncertain between its two thresholds', async () => {
    const attack = await decide({ output: { liveIndex: 1 }, decidesPassive: true });
    expect(attack.livenessDecision).toBe('spoofface');
    expect(attack.reason).toBe('AttackModel');
    const doubt = await decide({ thresholds: { live: 5, attack: -5 }, decidesPassive: true });
    expect(doubt.livenessDecision).toBe('uncertain');
    expect(doubt.reason).toBe('AttackModel');
  });
});
