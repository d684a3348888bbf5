/** `npm run dev`: rebuilds the element's bundle and the pages, and restarts the server, when their sources change. */
import { prepareAssets } from './assets.js';
import { prepareClip } from './build.js';
import { TOOLS, runNode } from './command.js';

prepareAssets();
prepareClip();
const forEver = { deadlineInSeconds: Infinity };
const watch = (mode: string): string[] => [TOOLS.vite, 'build', '--watch', '--mode', mode, '--logLevel', 'warn'];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
await Promise.race([
  runNode(watch('bundle'), forEver),
  runNode(watch('demo'), forEver),
  runNode([TOOLS.tsx, 'watch', 'demo/server/main.ts'], { ...forEver, environment: { LIVENESS_DEMO: 'on' } }),
]);
process.exit(1);
