/**
 * `npm run eval:decisions`: shows how often the default judge is right, by the measures of ISO/IEC 30107-3. Without
 * arguments, it uses the built-in material; with `--bonafide DIR` and `--attack DIR`, one's own recordings. `--help`
 * lists the other options.
 */
import { prepareAssets } from '../../../scripts/assets.js';
import { loadLandmarker } from '../../../demo/server/judge/default/landmarker.js';
import { evaluateBuiltIn, exportBuiltIn } from './built-in.js';
import { ASSETS } from './court.js';
import { HELP, NAMES, type Options, readOptions } from './options.js';
import { evaluateRecordings } from './recorded.js';
import { DISCLAIMER } from './table.js';
import { evaluateVerification } from './verification/evaluate.js';
import { portraits } from './verification/portraits.js';

async function evaluate({ settings, system, bonafide, attack, exportTo }: Options): Promise<string[]> {
  prepareAssets();
  const wanted = (name: string): boolean => settings.only?.includes(name) ?? true;
  const short: string[] = [];
  if (NAMES.some((name) => name !== 'system' && wanted(name))) {
    if (exportTo !== null) await exportBuiltIn(exportTo, settings, await loadLandmarker(ASSETS));
    else if (bonafide !== null || attack !== null)
      await evaluateRecordings({ bonafide, attack, verbose: settings.verbose });
    else {
      const landmarker = await loadLandmarker(ASSETS);
      short.push(...(await evaluateBuiltIn(settings, landmarker)));
      if (wanted('verification')) short.push(...(await evaluateVerification(await portraits(), landmarker)));
    }
  }
  if (system || settings.only?.includes('system')) {
    const { evaluateSystem } = await import('./system-runs.js');
    short.push(...(await evaluateSystem(settings)));
  }
  return short;
}

const options = readOptions(process.argv.slice(2));
if (options) {
  console.log(`${DISCLAIMER}\n`);
  const short = await evaluate(options);
  for (const line of short) console.log(`SHORT  ${line}`);
  process.exitCode = short.length > 0 ? 1 : 0;
} else {
  console.log(HELP);
}
// Ends the threads that MediaPipe leaves, which would keep the process running.
process.exit();
