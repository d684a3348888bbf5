import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { extendModel } from '../../scripts/model/extend.js';
import { assembleFaceLandmarker, sha256 } from '../../scripts/model/face-landmarker.js';
import { Table } from '../../scripts/model/flatbuffer.js';
import { modelMetadata } from '../../scripts/model/metadata.js';
import { type FaceParts, packedFiles, readFaceParts, unpack } from '../../scripts/model/parts.js';
import { DETECTOR_FILES } from '../../src/protocol/detector-files.js';

const DETECTOR = 'face_detector.tflite';
const LANDMARKS = 'face_landmarks_detector.tflite';
const GEOMETRY = 'geometry_pipeline_metadata_landmarks.binarypb';

let parts: FaceParts;
let bundle: Record<string, Uint8Array>;

beforeAll(() => {
  parts = readFaceParts();
  bundle = unzipSync(assembleFaceLandmarker(parts));
});

/** @throws Error if the list has no such element */
function at<T>(list: readonly T[], index: number): T {
  const element = list.at(index);
  if (element === undefined) throw new Error(`No element ${index} in a list of ${list.length}.`);
  return element;
}

/** The graph of a model as `schema.fbs` lays it out. */
function graph(file: Uint8Array) {
  const model = Table.root(file, 'TFL3');
  const subgraph = at(model.tables(2), 0);
  const tensors = subgraph.tables(0);
  return {
    model,
    tensors,
    operators: subgraph.tables(3),
    buffers: model.tables(4),
    inputs: subgraph.integers(1).map((index) => at(tensors, index).integers(0)),
    outputs: subgraph.integers(2).map((index) => at(tensors, index).integers(0)),
  };
}

/** The metadata table in a model, found as MediaPipe's task finds it: by its name, then by its buffer. */
function metadata(file: Uint8Array): Table {
  const { model, buffers } = graph(file);
  const entry = model.tables(6).find((candidate) => candidate.string(0) === 'TFLITE_METADATA');
  if (!entry) throw new Error('The model has no TFLITE_METADATA.');
  return Table.root(at(buffers, entry.integer(1)).bytes(0), 'M001');
}

describe('the face landmarker bundle', () => {
  it('has the expected hash, whatever the time zone', () => {
    const zone = process.env.TZ;
    try {
      for (const other of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
        process.env.TZ = other;
        expect(sha256(assembleFaceLandmarker(parts))).toBe(DETECTOR_FILES.model.sha256);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('holds the three files the task asks for, each ending in the untouched part', () => {
    expect(Object.keys(bundle)).toEqual([DETECTOR, LANDMARKS, GEOMETRY]);
    for (const [name, part] of [
      [DETECTOR, parts.detector],
      [LANDMARKS, parts.landmarks],
      [GEOMETRY, parts.geometry],
    ] as const) {
      const file = bundle[name];
      expect(sha256(file?.subarray(-part.length) ?? new Uint8Array()), name).toBe(sha256(part));
    }
  });

  it('has metadata that say how a picture becomes input, and that name the outputs', () => {
    for (const [name, mean, standardDeviation, outputs] of [
      [DETECTOR, 127.5, 127.5, ['regressors', 'classificators']],
      [LANDMARKS, 0, 255, ['landmarks', 'presence']],
    ] as const) {
      const subgraph = at(metadata(bundle[name] ?? new Uint8Array()).tables(3), 0);
      const input = at(subgraph.tables(2), 0);
      const content = input.table(3);
      expect([content?.byte(0), content?.table(1)?.byte(0)]).toEqual([2, 1]); // ImageProperties, RGB
      const unit = at(input.tables(4), 0);
      expect(unit.byte(0)).toBe(1); // NormalizationOptions
      expect([unit.table(1)?.floats(0), unit.table(1)?.floats(1)]).toEqual([[mean], [standardDeviation]]);
      expect(subgraph.tables(3).map((output) => output.string(0))).toEqual(outputs);
    }
  });

  it('appends one GATHER that repeats points of the eyes where the task expects irises', () => {
    const before = graph(parts.landmarks);
    const after = graph(bundle[LANDMARKS] ?? new Uint8Array());
    expect(before.outputs).toEqual([
      [1, 1, 1, 3 * 468],
      [1, 1, 1, 1],
    ]);
    expect(after.outputs).toEqual([
      [1, 1, 1, 3 * 478],
      [1, 1, 1, 1],
    ]);
    expect(after.inputs).toEqual([[1, 192, 192, 3]]);
    expect(after.operators.length).toBe(before.operators.length + 1);
    expect(after.tensors.length).toBe(before.tensors.length + 2);

    const gather = at(after.operators, -1);
    const code = at(after.model.tables(1), gather.integer(0));
    expect([code.byte(0), code.integer(3)]).toEqual([36, 36]);
    expect([gather.byte(3), gather.table(4)?.integer(0)]).toEqual([23, 3]); // GatherOptions, axis 3
    const [source, indices] = gather.integers(1).map((index) => at(after.tensors, index));
    expect(source?.integers(0)).toEqual([1, 1, 1, 3 * 468]);
    expect([indices?.byte(1), indices?.integers(0)]).toEqual([2, [3 * 478]]); // INT32
    const data = at(after.buffers, indices?.integer(2) ?? 0)
      .bytes(0)
      .slice();
    const positions = [...new Int32Array(data.buffer)];
    expect(positions.slice(0, 3 * 468)).toEqual([...Array(3 * 468).keys()]);
    // The appended points begin and end with the outer corner of an eye, as x, y and z.
    expect(positions.slice(3 * 468, 3 * 469)).toEqual([99, 100, 101]);
    expect(positions.slice(-3)).toEqual([789, 790, 791]);
  });

  it('shifts all operators, tensors and buffers alike', () => {
    for (const [name, part] of [
      [DETECTOR, parts.detector],
      [LANDMARKS, parts.landmarks],
    ] as const) {
      const file = bundle[name] ?? new Uint8Array();
      const shift = file.length - part.length;
      expect(shift % 16).toBe(0);
      const [before, after] = [graph(part), graph(file)];
      const positions = (tables: Table[], shifted: number) => tables.map((table) => table.position - shifted);
      expect(positions(after.operators, shift).slice(0, before.operators.length)).toEqual(
        positions(before.operators, 0),
      );
      expect(positions(after.tensors, shift).slice(0, before.tensors.length)).toEqual(positions(before.tensors, 0));
      expect(positions(after.buffers, shift).slice(0, before.buffers.length)).toEqual(positions(before.buffers, 0));
    }
  });
});

describe('damaged or wrong input', () => {
  const description = { name: 'x', normalization: { mean: 0, standardDeviation: 255 }, outputs: ['a', 'b'] };
  const extension = { metadata: modelMetadata(description) };

  it('refuses a file that is not a model', () => {
    expect(() => extendModel(new Uint8Array(64), extension)).toThrow('TFL3');
    expect(() => extendModel(parts.geometry, extension)).toThrow('TFL3');
    expect(() => extendModel(new Uint8Array(3), extension)).toThrow('TFL3');
  });

  it('refuses a gathering that does not fit the output', () => {
    const gathering = { output: 0, length: 1404, positions: [0, 1403] };
    expect(() => extendModel(parts.landmarks, { ...extension, gathering })).not.toThrow();
    expect(() => extendModel(parts.detector, { ...extension, gathering })).toThrow('1×896×16, not 1×1×1×1404');
    const [elsewhere, beyond] = [
      { ...gathering, output: 5 },
      { ...gathering, positions: [1404] },
    ];
    expect(() => extendModel(parts.landmarks, { ...extension, gathering: elsewhere })).toThrow('Output 5');
    expect(() => extendModel(parts.landmarks, { ...extension, gathering: beyond })).toThrow('outside');
  });

  it('refuses the detector in place of the landmarks', () => {
    expect(() => assembleFaceLandmarker({ ...parts, landmarks: parts.detector })).toThrow('Output 0');
  });

  it('gives a model with a changed weight another hash', () => {
    const detector = Uint8Array.from(parts.detector);
    detector[detector.length - 1] = (detector.at(-1) ?? 0) ^ 1;
    expect(sha256(assembleFaceLandmarker({ ...parts, detector }))).not.toBe(DETECTOR_FILES.model.sha256);
  });

  it('refuses a loader script without a list, a list without the file, a file beyond the end', () => {
    expect(() => packedFiles('var nothing = 1;')).toThrow('lists no packed files');
    const files = packedFiles('loadPackage({"files": [{"filename": "/a/b.tflite", "start": 2, "end": 9}], "x": 1});');
    expect(unpack(new Uint8Array(9), files, 'b.tflite').length).toBe(7);
    expect(() => unpack(new Uint8Array(9), files, 'c.tflite')).toThrow('c.tflite is not among');
    expect(() => unpack(new Uint8Array(8), files, 'b.tflite')).toThrow('2–9 of 8 bytes');
  });
});
