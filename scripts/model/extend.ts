/**
 * Extends a TFLite model without rewriting it. References in a FlatBuffers file only point forward, so new tables can
 * be put *before* the untouched file: a new root refers to the old parts and to the new ones. The prefix is a
 * multiple of 16 bytes long, so that the old buffers keep their alignment.
 */
import { Builder } from 'flatbuffers';
import { type Field, Table, writeBufferData, writeIntegers, writeReferences, writeTable } from './flatbuffer.js';

/** Field numbers in `schema.fbs`. */
const MODEL = {
  version: 0,
  operatorCodes: 1,
  subgraphs: 2,
  description: 3,
  buffers: 4,
  metadataBuffer: 5,
  metadata: 6,
};
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 };
const TENSOR = { shape: 0, type: 1, buffer: 2, name: 3 };
const OPERATOR = { code: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4 };
const OPERATOR_CODE = { deprecatedBuiltin: 0, builtin: 3 };
const GATHER_OPTIONS = { axis: 0 };
const BUFFER = { data: 0 };
const METADATA = { name: 0, buffer: 1 };
const INT32 = 2;
const GATHER = 36;
const GATHER_OPTIONS_TYPE = 23;

export interface OutputGathering {
  /** Index of the output to replace, from 0; its shape is 1×1×1×`length`. */
  output: number;
  length: number;
  /** For each value of the new output, its position in the existing one. */
  positions: readonly number[];
}

export interface Extension {
  /** The bytes that `modelMetadata()` returned. */
  metadata: Uint8Array;
  gathering?: OutputGathering;
}

/** @throws Error if the file is not a TFLite model of version 3 with one subgraph, or the gathering does not fit it */
export function extendModel(file: Uint8Array, { metadata, gathering }: Extension): Uint8Array {
  const model = Table.root(file, 'TFL3');
  const [subgraph, ...others] = model.tables(MODEL.subgraphs);
  if (model.integer(MODEL.version) !== 3 || !subgraph || others.length > 0) {
    throw new Error('The model is not of schema version 3 with a single subgraph.');
  }
  const builder = new Builder();
  const buffers = model.tables(MODEL.buffers).map(old);
  /** Appends a buffer and returns its index. */
  const addBuffer = (data: Uint8Array): number =>
    buffers.push(writeTable(builder, { [BUFFER.data]: { reference: writeBufferData(builder, data) } })) - 1;

  const entry = writeTable(builder, {
    [METADATA.name]: { reference: builder.createString('TFLITE_METADATA') },
    [METADATA.buffer]: { integer: addBuffer(metadata) },
  });
  const operatorCodes = model.tables(MODEL.operatorCodes).map(old);
  let newSubgraph = old(subgraph);
  if (gathering) {
    const code = writeTable(builder, {
      [OPERATOR_CODE.deprecatedBuiltin]: { byte: GATHER },
      [OPERATOR_CODE.builtin]: { integer: GATHER },
    });
    newSubgraph = gatherOutput(builder, subgraph, gathering, operatorCodes.push(code) - 1, addBuffer);
  }
  const root = writeTable(builder, {
    [MODEL.version]: { integer: 3 },
    ...keep(model, [MODEL.description, MODEL.metadataBuffer]),
    [MODEL.operatorCodes]: { reference: writeReferences(builder, operatorCodes) },
    [MODEL.subgraphs]: { reference: writeReferences(builder, [newSubgraph]) },
    [MODEL.buffers]: { reference: writeReferences(builder, buffers) },
    [MODEL.metadata]: { reference: writeReferences(builder, [...model.tables(MODEL.metadata).map(old), entry]) },
  });
  builder.finish(root, 'TFL3');
  const prefix = builder.asUint8Array();
  if (prefix.length % 16 !== 0) throw new Error(`The prefix of ${prefix.length} bytes breaks the model's alignment.`);
  return Buffer.concat([prefix, file]);
}

/** Appends a GATHER operator after one output and makes its result the output instead. */
function gatherOutput(
  builder: Builder,
  subgraph: Table,
  { output, length, positions }: OutputGathering,
  code: number,
  addBuffer: (data: Uint8Array) => number,
): number {
  const tensors = subgraph.tables(SUBGRAPH.tensors);
  const outputs = subgraph.integers(SUBGRAPH.outputs);
  const source = outputs[output];
  const shape = source === undefined ? undefined : tensors[source]?.integers(TENSOR.shape);
  if (source === undefined || shape?.join() !== [1, 1, 1, length].join()) {
    throw new Error(`Output ${output} has the shape ${shape?.join('×') ?? 'of nothing'}, not 1×1×1×${length}.`);
  }
  if (positions.some((position) => !(position >= 0 && position < length))) {
    throw new Error(`A position lies outside of the output's ${length} values.`);
  }

  const indices = tensors.length;
  const gathered = indices + 1;
  const appended = [
    writeTable(builder, {
      [TENSOR.shape]: { reference: writeIntegers(builder, [positions.length]) },
      [TENSOR.type]: { byte: INT32 },
      [TENSOR.buffer]: { integer: addBuffer(new Uint8Array(Int32Array.from(positions).buffer)) },
      [TENSOR.name]: { reference: builder.createString('positions') },
    }),
    writeTable(builder, {
      [TENSOR.shape]: { reference: writeIntegers(builder, [1, 1, 1, positions.length]) },
      [TENSOR.name]: { reference: builder.createString('gathered') },
    }),
  ];
  const gather = writeTable(builder, {
    [OPERATOR.code]: { integer: code },
    [OPERATOR.inputs]: { reference: writeIntegers(builder, [source, indices]) },
    [OPERATOR.outputs]: { reference: writeIntegers(builder, [gathered]) },
    [OPERATOR.optionsType]: { byte: GATHER_OPTIONS_TYPE },
    [OPERATOR.options]: { reference: writeTable(builder, { [GATHER_OPTIONS.axis]: { integer: 3 } }) },
  });
  const operators = subgraph.tables(SUBGRAPH.operators).map(old);
  return writeTable(builder, {
    ...keep(subgraph, [SUBGRAPH.inputs, SUBGRAPH.name]),
    [SUBGRAPH.tensors]: { reference: writeReferences(builder, [...tensors.map(old), ...appended]) },
    [SUBGRAPH.outputs]: { reference: writeIntegers(builder, outputs.with(output, gathered)) },
    [SUBGRAPH.operators]: { reference: writeReferences(builder, [...operators, gather]) },
  });
}

/**
 * Reference to a table of the old file. A builder counts its references backwards from its end, which is where the old
 * file will begin, so anything in the old file has a negative count.
 */
function old(table: Table): number {
  return -table.position;
}

function keep(table: Table, fields: readonly number[]): Record<number, Field> {
  const kept: Record<number, Field> = {};
  for (const field of fields) {
    const target = table.target(field);
    if (target !== null) kept[field] = { reference: -target };
  }
  return kept;
}
