/**
 * Chromium as people use it, with real background tabs and a real back/forward cache. A browser that Playwright itself
 * launches makes every page believe that it is in front, and caches none.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { startChild } from '../child.js';
import { fullBrowser } from './flags.js';
import { removeProfile } from './remove-profile.js';

export interface RealBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

export async function launchRealBrowser(flags: string[]): Promise<RealBrowser> {
  const { endpoint, close } = await startAlone(flags, 'about:blank');
  try {
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) throw new Error('The browser has no context.');
    return { context, close: () => browser.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts Chromium without a client connected to it: with one, it does not prerender pages. */
export async function startAlone(flags: string[], address: string) {
  const { executablePath = chromium.executablePath(), args = [] } = fullBrowser(...flags);
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const [child, endpoint] = await startChild(
    executablePath,
    ['--headless=new', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...args, address],
    { ready: (output) => /ws:\/\/\S+(?=\s)/.exec(output)?.[0] ?? null },
  ).catch(async (error: unknown) => {
    await removeProfile(profile);
    throw error;
  });
  return { endpoint, close: () => child.end().then(() => removeProfile(profile)) };
}
