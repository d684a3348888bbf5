/** Runs a presentation-attack model on faces. Its runtime is an optional package, imported only here. */
import type { FaceRectangle } from '../../../../../src/protocol/geometry.js';
import { resample } from '../align.js';
import type { PixelImage } from '../software-gl.js';
import { readModel, type AttackModelDescription } from './description.js';

export interface AttackModel {
  /** @returns log-odds of a live face, −`MOST` to `MOST`, the mean over the crops */
  score(image: PixelImage, face: FaceRectangle): Promise<number>;
}

/** Networks are often surer than they have reason to be, so log-odds are limited to this. */
export const MOST = 10;

/** @throws if the model or the runtime cannot be used */
export async function loadAttackModel(description: AttackModelDescription): Promise<AttackModel> {
  const bytes = readModel(description);
  const runtime = await import('onnxruntime-web').catch((cause: unknown) => {
    throw new Error('A presentation-attack model needs the package onnxruntime-web', { cause });
  });
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(bytes, { executionProviders: ['wasm'] }).catch(
    (cause: unknown) => {
      throw new Error(`${description.model} is not a model that can be run. ${String(cause)}`, { cause });
    },
  );
  const [inputName] = session.inputNames;
  const [outputName] = session.outputNames;
  if (inputName === undefined || outputName === undefined)
    throw new Error(`${description.model} has no input or output`);

  const { size, layout } = description.input;
  const shape = layout === 'NCHW' ? [1, 3, size, size] : [1, size, size, 3];
  const scoreCrop = async (pixels: Float32Array): Promise<number> => {
    const input = new runtime.Tensor('float32', modelInput(pixels, description), shape);
    const output = (await session.run({ [inputName]: input }))[outputName];
    if (!output) throw new Error(`${description.model} returned no output`);
    return logOdds([...(output.data as Float32Array)], description);
  };
  // A trial run, so that a model that does not fit its description fails now, not with the first person.
  await scoreCrop(new Float32Array(3 * size * size)).catch((cause: unknown) => {
    throw new Error(`${description.model} cannot be run as it is described. ${String(cause)}`, { cause });
  });
  return {
    async score(image, face) {
      let sum = 0;
      for (const crop of description.crops) sum += await scoreCrop(squareAround(image, face, crop, size));
      return sum / description.crops.length;
    },
  };
}

/** @returns RGB, 0…255, row by row */
function squareAround(image: PixelImage, face: FaceRectangle, crop: number, size: number): Float32Array {
  const side = Math.max(face.width, face.height) * crop;
  const [left, top] = [face.left + (face.width - side) / 2, face.top + (face.height - side) / 2];
  const pixel = side / size;
  return resample(image, { a: pixel, b: 0, tx: left + pixel / 2 - 0.5, ty: top + pixel / 2 - 0.5 }, size);
}

function modelInput(pixels: Float32Array, { input }: AttackModelDescription): Float32Array {
  const count = pixels.length / 3;
  const values = new Float32Array(pixels.length);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const colour = pixels[3 * pixel + (input.colours === 'RGB' ? channel : 2 - channel)] ?? 0;
      const value = (colour * input.scale - (input.mean[channel] ?? 0)) / (input.deviation[channel] ?? 1);
      values[input.layout === 'NCHW' ? channel * count + pixel : 3 * pixel + channel] = value;
    }
  }
  return values;
}

/** @throws if the output does not have the class `liveIndex`, or a value is not a number */
function logOdds(classes: readonly number[], { output, model }: AttackModelDescription): number {
  const live = classes[output.liveIndex];
  const others = classes.filter((_, index) => index !== output.liveIndex);
  if (live === undefined || others.length === 0)
    throw new Error(`${model} needs a class ${output.liveIndex} and at least one other class`);
  const odds =
    output.values === 'logits'
      ? live - logSumExp(others)
      : Math.log(Math.max(1e-9, live)) - Math.log(Math.max(1e-9, 1 - live));
  if (Number.isNaN(odds)) throw new Error(`${model} returned something that is not a number`);
  return Math.max(-MOST, Math.min(MOST, odds));
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
