/** Prepares what the judge's threads load: the element's assets, and the thread's own module. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { prepareAssets } from '../../scripts/assets.js';
import { THREAD } from './judge.js';

const SOURCE = fileURLToPath(new URL('../../demo/server/judge/default/thread.ts', import.meta.url));

export async function prepareJudge(): Promise<void> {
  prepareAssets();
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: { ssr: SOURCE, target: 'node20', outDir: fileURLToPath(new URL('.', THREAD)), emptyOutDir: true },
  });
}
