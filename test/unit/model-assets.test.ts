import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareAssets } from '../../scripts/assets.js';
import { sha256 } from '../../scripts/model/face-landmarker.js';
import { DETECTOR_FILES } from '../../src/protocol/detector-files.js';

const NAMES = ['face_landmarker.task', 'vision_wasm_module_internal.wasm'];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assets-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('writes the model and the wasm, and nothing else', () => {
  expect(prepareAssets(directory).sort()).toEqual(NAMES);
  expect(readdirSync(directory).sort()).toEqual(NAMES);
  expect(sha256(readFileSync(join(directory, 'face_landmarker.task')))).toBe(DETECTOR_FILES.model.sha256);
});

it('leaves intact files alone and writes damaged ones anew', () => {
  prepareAssets(directory);
  const before = NAMES.map((name) => statSync(join(directory, name)).mtimeMs);
  expect(prepareAssets(directory)).toEqual([]);
  expect(NAMES.map((name) => statSync(join(directory, name)).mtimeMs)).toEqual(before);

  truncateSync(join(directory, 'face_landmarker.task'), 1000);
  writeFileSync(join(directory, 'vision_wasm_module_internal.wasm'), 'something else');
  expect(prepareAssets(directory).sort()).toEqual(NAMES);
  expect(prepareAssets(directory)).toEqual([]);
});
