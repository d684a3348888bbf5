/**
 * TFLite model metadata (`metadata_schema.fbs`, identifier `M001`), which describes how a picture becomes the model's
 * input tensor. MediaPipe Tasks reject a float model without it.
 */
import { Builder } from 'flatbuffers';
import { writeFloats, writeReferences, writeTable } from './flatbuffer.js';

const IMAGE_PROPERTIES = 2;
const COLOR_SPACE_RGB = 1;
const NORMALIZATION_OPTIONS = 1;

export interface ModelDescription {
  name: string;
  /** The input is `(pixel - mean) / standardDeviation`, with pixels from 0 to 255. */
  normalization: { mean: number; standardDeviation: number };
  /** Names of the output tensors, in the model's order. */
  outputs: readonly string[];
}

/** @returns the metadata of a model whose input is one RGB image, as the bytes of a FlatBuffers file of its own */
export function modelMetadata({ name, normalization, outputs }: ModelDescription): Uint8Array {
  const builder = new Builder();
  const input = inputTensor(builder, normalization);
  const outputTensors = outputs.map((output) =>
    writeTable(builder, { 0: { reference: builder.createString(output) } }),
  );
  const subgraph = writeTable(builder, {
    2: { reference: writeReferences(builder, [input]) },
    3: { reference: writeReferences(builder, outputTensors) },
  });
  const root = writeTable(builder, {
    0: { reference: builder.createString(name) },
    3: { reference: writeReferences(builder, [subgraph]) },
  });
  builder.finish(root, 'M001');
  return builder.asUint8Array();
}

function inputTensor(builder: Builder, { mean, standardDeviation }: ModelDescription['normalization']): number {
  const image = writeTable(builder, { 0: { byte: COLOR_SPACE_RGB } });
  const content = writeTable(builder, { 0: { byte: IMAGE_PROPERTIES }, 1: { reference: image } });
  const options = writeTable(builder, {
    0: { reference: writeFloats(builder, [mean]) },
    1: { reference: writeFloats(builder, [standardDeviation]) },
  });
  const unit = writeTable(builder, { 0: { byte: NORMALIZATION_OPTIONS }, 1: { reference: options } });
  return writeTable(builder, {
    0: { reference: builder.createString('image') },
    3: { reference: content },
    4: { reference: writeReferences(builder, [unit]) },
  });
}
