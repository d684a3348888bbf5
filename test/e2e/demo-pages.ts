/** The demo's two pages, as a visitor and an operator use them. */
import { type Page, expect } from '@playwright/test';
import type { RunningServer } from './server.js';

export const LABEL = 'Recorded clip – not a live camera';

/** Runs a session up to its verdict. @param wanted whether to keep its pictures, and to agree to head turns */
export async function runSession(
  page: Page,
  { url }: RunningServer,
  wanted: { pictures?: boolean; turns?: boolean } = {},
): Promise<void> {
  await page.goto(url);
  if (wanted.pictures) {
    await page.getByText('Integrator’s options').click();
    await page.getByLabel('enableSessionImage').check();
  }
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  await expect(page.getByText(LABEL)).toBeVisible();
  if (wanted.turns) {
    const agree = page.locator('face-liveness').getByRole('button', { name: 'Continue' });
    await expect(agree).toBeVisible({ timeout: 60_000 });
    await agree.click();
  }
  await expect(page.locator('body')).toHaveAttribute('data-view', 'outcome', { timeout: 60_000 });
}

/** The two digests in the order in which they are shown: reported, audited. */
export async function shownDigests(page: Page): Promise<string[]> {
  return page.locator('.digest').allTextContents();
}

export async function openOperator(page: Page, { url, apiKey }: RunningServer, key = apiKey): Promise<void> {
  await page.goto(`${url}/operator`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Show the sessions' }).click();
}
