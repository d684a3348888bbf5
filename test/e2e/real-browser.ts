/**
 * Chromium as a person has it: tabs are really in the background, pages are really kept to come back to. What Playwright
 * launches itself makes every page believe that it is in front, and keeps none.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { installedBrowser } from '../../scripts/browser.js';
import { removeProfile } from './remove-profile.js';

const START_DEADLINE_IN_MILLISECONDS = 60_000;

export interface RealBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

export async function launchRealBrowser(flags: string[]): Promise<RealBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const common = ['--headless=new', '--no-sandbox', '--no-first-run', '--remote-debugging-port=0'];
  const child = spawn(
    installedBrowser() ?? chromium.executablePath(),
    [...common, `--user-data-dir=${profile}`, ...flags, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const close = async () => {
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(deadline);
    await removeProfile(profile);
  };
  try {
    const browser = await chromium.connectOverCDP(await endpointOf(child.stderr), { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) throw new Error('The browser has no context.');
    return { context, close: () => browser.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function endpointOf(stderr: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const deadline = Date.now() + START_DEADLINE_IN_MILLISECONDS;
  while (Date.now() < deadline) {
    const endpoint = /ws:\/\/\S+/.exec(printed)?.[0];
    if (endpoint) return endpoint;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The browser did not start.\n${printed}`);
}
