/** Writes `licences.txt` beside the element's files: whose code and models they contain, and under which licences. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages that are bundled, and those whose files are copied or reassembled. */
const PACKAGES: [name: string, what: string][] = [
  ['lit', 'in face-liveness.js'],
  ['lit-element', 'in face-liveness.js'],
  ['lit-html', 'in face-liveness.js'],
  ['@lit/reactive-element', 'in face-liveness.js'],
  ['comlink', 'in face-liveness.js and liveness.worker.js'],
  ['@mediapipe/tasks-vision', 'in liveness.worker.js; liveness-assets/vision_wasm_module_internal.wasm, unchanged'],
  ['@mediapipe/face_detection', 'the detector in liveness-assets/face_landmarker.task, reassembled'],
  ['@mediapipe/face_mesh', 'the mesh and its geometry in liveness-assets/face_landmarker.task, reassembled'],
];

/** The package with the wasm has no notices for the code linked into the wasm; these are the projects found in it. */
const FOREWORD = `What the files beside this one are made of, by npm package. MediaPipe's wasm holds code of other projects too, among
them TensorFlow Lite, XNNPACK, OpenCV, Abseil (Apache License 2.0 or BSD) and Protocol Buffers (BSD 3-Clause).
`;

/** The package whose copy of the Apache License is used for packages that come without a licence text. */
const APACHE_TEXT = 'comlink';

export function writeLicences(folder: string): void {
  const texts = new Map<string, string[]>();
  for (const [name, what] of PACKAGES) {
    const { version, license } = JSON.parse(read(name, 'package.json')) as { version: string; license: string };
    const own = existsSync(path(name, 'LICENSE'));
    if (!own && license !== 'Apache-2.0') throw new Error(`${name} comes without the text of its licence, ${license}.`);
    const text = read(own ? name : APACHE_TEXT, 'LICENSE').trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license}): ${what}`]);
  }
  const parts = [FOREWORD, ...[...texts].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)];
  writeFileSync(join(folder, 'licences.txt'), parts.join(`\n${'-'.repeat(78)}\n\n`));
}

function path(name: string, file: string): string {
  return join('node_modules', name, file);
}

function read(name: string, file: string): string {
  return readFileSync(path(name, file), 'utf8');
}
