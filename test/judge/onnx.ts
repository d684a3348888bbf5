/** Writes small ONNX models (onnx.proto3, IR version 8, opset 13) that multiply the mean colour by a matrix. */

type Field = [number: number, value: number | Uint8Array | string];

export interface MeanColourModel {
  /** Of the input, such as [1, 3, 16, 16]. */
  shape: readonly number[];
  /** The two axes of `shape` that are the picture's height and width. */
  axes: readonly [number, number];
  /** For each class, the weight of each channel's mean. */
  weights: readonly (readonly [number, number, number])[];
}

const FLOAT = 1;
const INTS = 7;

export function meanColourModel({ shape, axes, weights }: MeanColourModel): Uint8Array {
  const matrix = [0, 1, 2].flatMap((channel) => weights.map((of) => of[channel] ?? 0));
  const attributes: Uint8Array[] = [
    message([1, 'axes'], [20, INTS], ...axes.map((axis): Field => [8, axis])),
    message([1, 'keepdims'], [20, 2], [3, 0]),
  ];
  const mean = message([1, 'picture'], [2, 'mean'], [4, 'ReduceMean'], ...attributes.map((of): Field => [5, of]));
  const product = message([1, 'mean'], [1, 'weights'], [2, 'classes'], [4, 'MatMul']);
  const tensor = message([1, 3], [1, weights.length], [2, FLOAT], [8, 'weights'], [9, bytesOf(matrix)]);
  const graph = message(
    [1, mean],
    [1, product],
    [2, 'mean-colour'],
    [5, tensor],
    [11, value('picture', shape)],
    [12, value('classes', [1, weights.length])],
  );
  return message([1, 8], [8, message([1, ''], [2, 13])], [7, graph]);
}

function value(name: string, shape: readonly number[]): Uint8Array {
  const dimensions = message(...shape.map((size): Field => [1, message([1, size])]));
  return message([1, name], [2, message([1, message([1, FLOAT], [2, dimensions])])]);
}

function bytesOf(floats: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(floats).buffer);
}

/** Encodes a Protocol Buffers message: numbers as varints, everything else length-delimited. */
function message(...fields: Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, content]) => {
      if (typeof content === 'number') return Buffer.concat([varint(number << 3), varint(content)]);
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
