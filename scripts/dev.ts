/** `npm run dev`: everything built again as it is edited, the server started again as it is edited. */
import { rmSync } from 'node:fs';
import { prepareAssets } from './assets.js';
import { BUILD_RECORD, prepareClip } from './build.js';
import { TOOLS, runNode } from './command.js';

prepareAssets();
prepareClip();
// What watches empties the element's folder and fills it in part: the next build is to build all of it.
rmSync(BUILD_RECORD, { force: true });
const forEver = { deadlineInSeconds: Infinity };
const watch = (mode: string): string[] => [TOOLS.vite, 'build', '--watch', '--mode', mode, '--logLevel', 'warn'];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
await Promise.race([
  runNode(watch('bundle'), forEver),
  runNode(watch('demo'), forEver),
  runNode([TOOLS.tsx, 'watch', 'demo/server/main.ts'], { ...forEver, environment: { LIVENESS_DEMO: 'on' } }),
]);
process.exit(1);
