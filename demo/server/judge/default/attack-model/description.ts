/**
 * The description of the operator's own presentation-attack model: a JSON file next to the model. Colour order and the
 * index of the live class have no default, because a wrong one makes a good model decide by chance.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

const attackModelDescription = z.strictObject({
  /** The name of the model in the audit. */
  name: z.string().min(1).max(64),
  /** ONNX file, relative to this description. */
  model: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
  input: z.strictObject({
    /** Side of the square picture, in pixels. */
    size: z.int().min(8).max(1024),
    layout: z.enum(['NCHW', 'NHWC']),
    colours: z.enum(['RGB', 'BGR']),
    /**
     * Each channel, 0 to 255, is multiplied by `scale`, then `mean` is subtracted, then it is divided by `deviation`.
     */
    scale: z.number().positive(),
    mean: threeNumbers.default([0, 0, 0]),
    deviation: threeNumbers.default([1, 1, 1]),
  }),
  /** Sides of the square crops, relative to the longer side of the face's box; the scores of all crops are averaged. */
  crops: z.array(z.number().min(0.5).max(5)).min(1).max(8),
  output: z.strictObject({
    liveIndex: z.int().min(0).max(63),
    /** What the model outputs for each class: values before a softmax, or shares that add up to one. */
    values: z.enum(['logits', 'probabilities']),
  }),
  /**
   * Mean log-odds of a live face over all frames: from `live` on the model supports a live face, below `attack` it
   * reports an attack.
   */
  thresholds: z
    .strictObject({ live: z.number(), attack: z.number() })
    .refine(({ live, attack }) => attack <= live, 'attack must not be above live'),
  /** True if this model alone may lead to `realface` when no head turns were asked for. */
  decidesPassive: z.boolean().default(false),
});

export type AttackModelDescription = z.infer<typeof attackModelDescription>;

/**
 * @returns the description, with the absolute path of its model
 * @throws if the file cannot be read or is not a valid description
 */
export function readDescription(path: string): AttackModelDescription {
  const result = attackModelDescription.safeParse(parsed(path));
  if (!result.success) throw new Error(`${path} does not describe a model.\n${z.prettifyError(result.error)}`);
  return { ...result.data, model: resolve(dirname(path), result.data.model) };
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} cannot be read as JSON. ${String(cause)}`, { cause });
  }
}

/** @throws if the file does not have the described SHA-256 */
export function readModel({ model, sha256 }: AttackModelDescription): Uint8Array {
  const bytes = readFileSync(model);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256.toLowerCase())
    throw new Error(`${model} has SHA-256 ${found}, but its description says ${sha256}`);
  return bytes;
}
