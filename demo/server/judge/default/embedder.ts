/**
 * The identity of a face as 128 numbers: dlib's face recognition network (Davis King,
 * dlib_face_recognition_resnet_model_v1, public domain, 29 convolutions), with the weights of npm's
 * `@vladmandic/face-api`, on tfjs in WebAssembly. Two faces belong to the same person if the Euclidean distance of
 * their numbers is small.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export interface Embedder {
  /** @param chip RGB, 0…255, `CHIP_SIZE` pixels square, cut by `faceChip` */
  embed(chip: Float32Array): Float32Array;
}

export const CHIP_SIZE = 150;

/** The normalisation that the network was trained with. */
const MEAN_COLOUR = [122.782, 117.001, 104.298];
const COLOUR_RANGE = 256;

interface Convolution {
  filter: tf.Tensor4D;
  bias: tf.Tensor1D;
}

export async function loadEmbedder(): Promise<Embedder> {
  const { resolve } = createRequire(import.meta.url);
  setWasmPaths(join(dirname(resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  await tf.setBackend('wasm');
  await tf.ready();

  const directory = dirname(resolve('@vladmandic/face-api/model/face_recognition_model-weights_manifest.json'));
  const manifest = readFileSync(join(directory, 'face_recognition_model-weights_manifest.json'), 'utf8');
  const [group] = JSON.parse(manifest) as [{ weights: tf.io.WeightsManifestEntry[] }];
  const bytes = new Uint8Array(readFileSync(join(directory, 'face_recognition_model.bin')));
  const weights = tf.io.decodeWeights(bytes.buffer, group.weights);
  const network = new Network(weights);

  const embed = (chip: Float32Array): Float32Array =>
    tf.tidy(() => network.run(tf.tensor4d(chip, [1, CHIP_SIZE, CHIP_SIZE, 3])).dataSync<'float32'>());
  embed(new Float32Array(CHIP_SIZE * CHIP_SIZE * 3));
  return { embed };
}

class Network {
  readonly #weights: tf.NamedTensorMap;
  readonly #convolutions = new Map<string, Convolution>();

  constructor(weights: tf.NamedTensorMap) {
    this.#weights = weights;
    for (const name of Object.keys(weights)) {
      const layer = /^(.*)\/conv\/filters$/.exec(name)?.[1];
      if (layer !== undefined) this.#convolutions.set(layer, this.#fold(layer));
    }
  }

  run(chip: tf.Tensor4D): tf.Tensor {
    const input = tf.div<tf.Tensor4D>(tf.sub(chip, MEAN_COLOUR), COLOUR_RANGE);
    let out = tf.maxPool(this.#convolve(input, 'conv32_down', 2, 'relu'), 3, 2, 'valid');
    for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) out = this.#residual(out, name);
    out = this.#down(out, 'conv64_down');
    for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) out = this.#residual(out, name);
    out = this.#down(out, 'conv128_down');
    for (const name of ['conv128_1', 'conv128_2']) out = this.#residual(out, name);
    out = this.#down(out, 'conv256_down');
    for (const name of ['conv256_1', 'conv256_2']) out = this.#residual(out, name);
    out = this.#down(out, 'conv256_down_out');
    return tf.matMul(tf.mean<tf.Tensor2D>(out, [1, 2]), this.#weight('fc'));
  }

  /** Folds the scaling that follows each convolution into it: one operation instead of three. */
  #fold(layer: string): Convolution {
    return tf.tidy(() => {
      const scale = this.#weight(`${layer}/scale/weights`);
      const bias = tf.add(tf.mul(this.#weight(`${layer}/conv/bias`), scale), this.#weight(`${layer}/scale/biases`));
      return {
        filter: tf.keep(tf.mul<tf.Tensor4D>(this.#weight(`${layer}/conv/filters`), scale)),
        bias: tf.keep(bias as tf.Tensor1D),
      };
    });
  }

  #weight(name: string): tf.Tensor {
    const weight = this.#weights[name];
    if (!weight) throw new Error(`The face network has no weights called ${name}`);
    return weight;
  }

  #convolve(x: tf.Tensor4D, layer: string, strides: 1 | 2, activation: 'relu' | 'linear'): tf.Tensor4D {
    const convolution = this.#convolutions.get(layer);
    if (!convolution) throw new Error(`The face network has no layer called ${layer}`);
    const pad = strides === 1 ? 'same' : 'valid';
    return tf.fused.conv2d({ x, filter: convolution.filter, strides, pad, bias: convolution.bias, activation });
  }

  #residual(x: tf.Tensor4D, name: string): tf.Tensor4D {
    const out = this.#convolve(this.#convolve(x, `${name}/conv1`, 1, 'relu'), `${name}/conv2`, 1, 'linear');
    return tf.relu(tf.add<tf.Tensor4D>(out, x));
  }

  /**
   * Halves the size. Missing channels of the pooled input, and a missing row or column of the output, are filled with
   * zeros, as in dlib.
   */
  #down(x: tf.Tensor4D, name: string): tf.Tensor4D {
    const out = this.#convolve(this.#convolve(x, `${name}/conv1`, 2, 'relu'), `${name}/conv2`, 1, 'linear');
    const pooled = tf.avgPool(x, 2, 2, 'valid');
    const missing = (index: 1 | 2 | 3): [number, number] => [0, Math.max(0, pooled.shape[index] - out.shape[index])];
    const channels: [number, number] = [0, out.shape[3] - pooled.shape[3]];
    const sum = tf.add<tf.Tensor4D>(
      tf.pad(pooled, [[0, 0], [0, 0], [0, 0], channels]),
      tf.pad(out, [[0, 0], missing(1), missing(2), [0, 0]]),
    );
    return tf.relu(sum);
  }
}
