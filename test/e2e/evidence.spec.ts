/** The default judge's findings, as the operator page shows them: a session with head turns whose pictures are kept. */
import { expect, test } from '@playwright/test';
import { BackEnd } from './back-end.js';
import { openOperator, runSession } from './demo-pages.js';
import { NO_CAMERA, withFlags } from './flags.js';
import { countMarked } from './gallery.js';
import { type RunningServer, startServer } from './server.js';
import { portrait } from '../judge/pictures.js';
import { createClient } from '../service/client.js';
import { form, manifest, submissionParts } from '../service/submission.js';

test.use(withFlags(...NO_CAMERA));

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer({ environment: { LIVENESS_JUDGE: 'default', LIVENESS_SMILE: 'on' } });
});
test.afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

test('the operator page shows the judge’s reasons, charts of the head turns, and the faces it found', async ({
  page,
}) => {
  // Refused submissions fill the first page of the audit; the findings on the second must be shown all the same.
  const refused = 20;
  await page.route('**/demo/api/sessions', async (route) => {
    const answer = await route.fetch();
    const { token } = (await answer.json()) as { token: string };
    const nothing = { contentType: 'multipart/form-data; boundary=x', bytes: Buffer.from('to no purpose') };
    for (let count = 0; count < refused; count += 1) await createClient(server.url).submit(token, nothing);
    await route.fulfill({ response: answer });
  });
  await runSession(page, server, { pictures: true, turns: true });
  await expect(page.getByText('Digests match')).toBeVisible();
  await openOperator(page, server);
  await page.locator('#sessions a').first().click();
  await expect(page.locator('.entry')).toHaveCount(refused + 1);

  const evidence = page.locator('.entry .evidence');
  await expect(evidence.getByRole('heading', { name: 'Why this was decided' })).toBeVisible();
  await expect(evidence.locator('> p')).toHaveText(/^The judge (found|considers|could not)/);

  // Measured values and their thresholds, in words.
  const turns = evidence.locator('[data-kind="challenge"]');
  await expect(turns).toContainText(/drawn ((left|right|up|down|smile)(, |;)){4} found/);
  await expect(turns, 'the smile of the clip').toContainText(/found .*smile/);
  await expect(evidence.locator('[data-kind="oneFace"]')).toContainText(/\d+ frames \(at least \d+\)/);
  await expect(evidence.locator('[data-kind="samePerson"]')).toContainText(/distance \(at most 0\.\d+\)/);
  expect(await evidence.locator('.findings').textContent()).not.toMatch(/undefined|NaN|\[object/);

  // Charts of the head's pose, with the requested turns shaded.
  const charts = evidence.getByRole('img', { name: /at most \d+ degrees/ });
  await expect(charts).toHaveCount(2);
  await expect(evidence.locator('.chart-asked')).not.toHaveCount(0);
  const pictures = await evidence.locator('.chart').first().locator('.chart-dot').count();

  await page.getByRole('button', { name: /^Show \d+/ }).click();
  await expect(page.getByRole('button', { name: /^Show \d+/ }), 'until all are there').toBeHidden();
  const shown = page.locator('.gallery canvas');
  expect(await shown.count()).toBeGreaterThanOrEqual(pictures);
  await expect(page.locator('.gallery .pose').first()).toHaveText(/\d+° (left|right), \d+° (up|down)/);
  expect(await countMarked(shown, [0xff, 0xb0, 0x20])).toBe(pictures);
});

test('the operator page links a reused picture to the session it was first sent in', async ({ page }) => {
  const parts = submissionParts(manifest(1, 1)).map((part) =>
    part.name === 'frame' ? { ...part, body: portrait() } : part,
  );
  const submitted = async (): Promise<string> => {
    const { sessionId, authToken } = await new BackEnd(server).createSession();
    const client = createClient(server.url);
    await client.start(authToken);
    expect((await client.submit(authToken, form(parts))).status).toBe(204);
    return sessionId;
  };
  const [first, second] = [await submitted(), await submitted()];
  await openOperator(page, server);
  await page.locator(`#sessions a[href="#${second}"]`).click();
  const finding = page.locator('.entry [data-kind="seenBefore"]');
  await expect(finding).toContainText(`Also in ${first}, attempt 1`);
  await finding.getByRole('link', { name: first }).click();
  await expect(page.locator('#detail h2')).toHaveText(first);
});
