/** `package.json` beside the built server: what it loads at run time, so that it can be installed without this repository. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Native code, and packages whose own files are looked up. Everything else is bundled. */
export const LOADED_AT_RUN_TIME = [
  'libsql',
  'sharp',
  '@mediapipe/tasks-vision',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@vladmandic/face-api',
  'onnxruntime-web',
];

interface Lock {
  packages: Record<string, { version: string }>;
}
interface Manifest {
  version: string;
  devEngines: { runtime: { version: string } };
}

/** Demands the locked versions exactly, since the tests ran with these. */
export function writeServerPackage(folder: string): void {
  const { version, devEngines } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  const content = {
    name: 'face-liveness-service',
    version,
    private: true,
    type: 'module',
    engines: { node: devEngines.runtime.version },
    dependencies: Object.fromEntries(
      LOADED_AT_RUN_TIME.map((name) => [name, packages[`node_modules/${name}`]?.version]),
    ),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}
