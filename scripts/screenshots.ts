/** `npm run screenshots`: takes pictures of everything a person can see, and makes a page that shows them all. */
import { findBrowser } from './browser.js';
import { TOOLS, runNode } from './command.js';

await findBrowser();
const spec = 'test/e2e/screenshots.spec.ts';
const { status } = await runNode([TOOLS.playwright, 'test', spec], { deadlineInSeconds: 900 });
console.log('dist/screenshots/index.html');
process.exitCode = status;
