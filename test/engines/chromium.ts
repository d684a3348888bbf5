/** Drives an old Chromium with Playwright, whose protocol for these few commands already worked in 2022. */
import { type ElementHandle, chromium } from '@playwright/test';
import { Browser, type Command } from './driver.js';

export async function startChromium(path: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  // In dark mode, unlike the other engines: without `light-dark()`, it gets its colours from other styles.
  const page = await browser.newPage({ colorScheme: 'dark' });
  const elements: ElementHandle[] = [];
  const commands: Record<Command, (given: never) => Promise<unknown>> = {
    newSession: async () => ({ capabilities: { browserName: 'chromium', browserVersion: browser.version() } }),
    navigate: ({ url }: { url: string }) => page.goto(url),
    executeAsync: async ({ script, args }: { script: string; args: unknown[] }) => {
      const call = `(function () { ${script} })(...${JSON.stringify(args)}, done)`;
      const answer = await page.evaluateHandle(`new Promise((done) => ${call})`);
      const element = (await answer.getProperty('value')).asElement();
      return element ? { value: [elements.push(element) - 1] } : answer.jsonValue();
    },
    // Playwright's own click calls `checkVisibility()`, which Chrome has only since 105.
    click: async ({ id }: { id: number }) => {
      const box = await elements[id]?.boundingBox();
      if (!box) throw new Error('Nothing to click on');
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    },
  };
  const send = (command: Command, parameters: object) => commands[command](parameters as never);
  return Browser.begin({ send, close: () => browser.close() }, {});
}
