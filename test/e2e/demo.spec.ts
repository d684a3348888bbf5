/** The demo as a visitor sees it: a whole session with the recorded clip, and the ways it can go wrong. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Request, expect, test } from '@playwright/test';
import { originIn, startChild } from '../child.js';
import { LABEL, openOperator, runSession, shownDigests } from './demo-pages.js';
import { freePort } from '../free-port.js';
import { NO_CAMERA, withFlags } from './flags.js';
import { startProxy } from './proxy.js';
import { type RunningServer, startServer } from './server.js';

const INSECURE_HOST = 'insecure.test';

test.use({ timezoneId: 'Asia/Kolkata' });
test.use(withFlags(...NO_CAMERA, `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`));

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

test('a session ends in a verdict with two equal digests, and the operator page shows both', async ({ page }) => {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await runSession(page, server);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Undecided: not a pass');
  await expect(page.getByText('No judge is configured on this service')).toBeVisible();
  await expect(page.getByText(LABEL)).toBeVisible();
  await expect(page.getByText('Digests match')).toBeVisible();
  const [reported = '', audited] = await shownDigests(page);
  expect(reported).toMatch(/^[0-9A-F]{64}$/);
  expect(audited).toBe(reported);

  const liveness = requests.find((request) => request.url().endsWith('/detectLiveness/singleModal'));
  expect(liveness?.method()).toBe('POST');
  const foreign = requests.map((request) => request.url()).filter((url) => !url.startsWith(`${server.url}/`));
  expect(foreign.filter((url) => !url.startsWith('blob:') && !url.startsWith('data:'))).toEqual([]);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

  await openOperator(page, server);
  const row = page.locator('#sessions a').first();
  await expect(row.getByText('Digests match')).toBeVisible();
  await expect(row.locator('.mark'), 'the decision, and no other').toHaveText('uncertain');
  await expect(row.locator('time')).toContainText('GMT+5:30');
  await row.click();
  const entry = page.locator('.entry');
  await expect(entry.getByText('Digests match')).toBeVisible();
  const [decision, digests] = [entry.locator('header .mark'), entry.locator('.digests .mark')];
  await expect(decision).toHaveText('uncertain');
  const quiet = await entry
    .locator('.fine')
    .first()
    .evaluate((words) => getComputedStyle(words).color);
  await expect(digests, 'equal is not accepted').toHaveCSS('color', quiet);
  await expect(entry.locator('header time')).toContainText('GMT+5:30');
  await expect(entry.getByText('the client was sent no body')).toBeVisible();
  expect(await shownDigests(page)).toEqual([reported, reported]);
  await expect(page.locator('.attempts li')).toHaveText(/Attempt 1.*decision made.*Succeeded.*uncertain/);
});

/** For `node --import`: in the server process, blocks as many of libuv's threads on a pipe as a judge could occupy. */
const holdThreads = (pipe: string) =>
  `data:text/javascript,${encodeURIComponent(`
  import { open } from 'node:fs';
  const threads = ${Math.max(4, availableParallelism() - 1)};
  if (process.argv[1]?.endsWith('main.js')) for (let i = 0; i < threads; i++) open('${pipe}', () => undefined);
`)}`;

test('what `npm start` runs creates a session while as many threads are blocked as a judge can occupy', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'start-'));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [child, url] = await startChild(process.execPath, ['scripts/run.mjs', 'scripts/start.ts'], {
    environment: {
      PATH: process.env['PATH'],
      PORT: '0',
      LIVENESS_JUDGE: 'none',
      DATA_DIR: directory,
      NODE_OPTIONS: `--import=${holdThreads(pipe)}`,
    },
    ready: originIn,
  });
  try {
    const answer = await fetch(`${url}/demo/api/sessions`, {
      method: 'POST',
      body: JSON.stringify({ livenessOperationMode: 'Passive', sendResultsToClient: false, enableSessionImage: false }),
      signal: AbortSignal.timeout(60_000),
    });
    expect(answer.status).toBe(200);
  } finally {
    // Opening a pipe to read blocks until somebody opens it to write, and the process cannot end before its threads.
    const writer = openSync(pipe, 'r+');
    expect(await child.end()).toBe(0);
    closeSync(writer);
    rmSync(directory, { recursive: true });
  }
});

test('a session completes behind a proxy that strips a path prefix, and also without the proxy', async ({ page }) => {
  const port = await freePort();
  const proxy = await startProxy(`http://127.0.0.1:${port}`, '/below');
  const url = `${proxy.url}/below`;
  const below = await startServer({ environment: { PORT: `${port}`, LIVENESS_PUBLIC_URL: url } });
  try {
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${url}/`)) outside.push(request.url());
    });
    await runSession(page, { ...below, url: `${url}/` });
    await expect(page.getByText('Digests match')).toBeVisible();
    await page.getByRole('link', { name: 'Operator’s view' }).click();
    await expect(page).toHaveURL(`${url}/operator`);
    await expect(page.getByLabel('API key')).toBeVisible();
    expect(outside).toEqual([]);

    await runSession(page, below);
    await expect(page.getByText('Digests match'), 'and for who comes past the proxy').toBeVisible();
  } finally {
    await proxy.close();
    expect(await below.stop()).toBe(0);
  }
});

test('a report with a different digest is shown as not trusted, to the visitor and to the operator', async ({
  page,
}) => {
  await page.route('**/demo/api/results', (route) => {
    const report = route.request().postDataJSON() as { digest: string };
    const first = report.digest.startsWith('0') ? '1' : '0';
    return route.continue({ postData: JSON.stringify({ ...report, digest: first + report.digest.slice(1) }) });
  });
  await runSession(page, server);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not to be trusted');
  await expect(page.getByText('Digests differ')).toBeVisible();
  const [reported, audited] = await shownDigests(page);
  expect(reported?.slice(1)).toBe(audited?.slice(1));
  expect(reported).not.toBe(audited);

  await openOperator(page, server);
  const row = page.locator('#sessions a').first();
  await expect(row.getByText('Not trusted')).toBeVisible();
  await row.click();
  await expect(page.locator('.entry').getByText('Digests differ')).toBeVisible();
});

test('when the service does not know the submission, the page lists only session, attempt and request', async ({
  page,
}) => {
  await page.route('**/demo/api/results', (route) => {
    const report = route.request().postDataJSON() as object;
    return route.continue({ postData: JSON.stringify({ ...report, resultId: crypto.randomUUID() }) });
  });
  await runSession(page, server);
  await expect(page.getByText('holds no submission under the number')).toBeVisible();
  await expect(page.locator('#comparison .facts dt')).toHaveText(['Session', 'Attempt', 'Request']);
});

test('the page shows a decision only if the session sends results to the client', async ({ page }) => {
  await runSession(page, server);
  await expect(page.getByText('for display only')).toBeHidden();
  await page.getByRole('button', { name: 'Run another session' }).click();
  await expect(page.getByText(LABEL)).toBeHidden();
  await page.getByText('Integrator’s options').click();
  await page.getByLabel('sendResultsToClient').check();
  await page.route('**/demo/api/sessions', async (route) => {
    await expect(page.locator('face-liveness'), 'with the session before').toBeHidden();
    await route.continue();
  });
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  await expect(page.getByText('uncertain (for display only)')).toBeVisible({ timeout: 30_000 });
  await openOperator(page, server);
  await page.locator('#sessions a').first().click();
  await expect(
    page.locator('.entry').getByText('The client was sent all of it except reason and evidence.'),
  ).toBeVisible();
});

test('the page explains consent before the start, and offers another way then and without a camera', async ({
  page,
}) => {
  await page.goto(server.url);
  await expect(page.getByText('you agree that we check pictures of your face')).toBeVisible();
  await page.getByText('Another way').click();
  await expect(page.getByText('A bank would let you confirm in a branch')).toBeVisible();
  await page.getByRole('button', { name: 'Start with my camera' }).click();
  await expect(page.getByText('Code: CameraNotFound')).toBeVisible();
  await expect(page.getByText('Another way'), 'who has no camera needs it').toBeVisible();
});

test('without a camera, the page says so and the recorded clip is the primary button', async ({ page }) => {
  await page.goto(server.url);
  await expect(page.getByText('No camera was found on this device')).toBeVisible();
  await expect(page.locator('.primary:visible')).toHaveText('Use a recorded clip');
  await page.getByRole('button', { name: 'Start with my camera' }).click();
  await expect(page.getByText('Code: CameraNotFound')).toBeVisible();
  await expect(page.getByText(LABEL)).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'a phone’s').toBe(390);
});

test('after a failure, the next Tab goes to the element’s retry button, the only primary one', async ({ page }) => {
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Start with my camera' }).press('Enter');
  await expect(page.getByText('Code: CameraNotFound')).toBeVisible();
  await expect(page.locator('#session-title')).toBeFocused();
  const reached: (string | undefined)[] = [];
  for (let count = 0; count < 4; count += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => {
        const focused = document.activeElement;
        return (focused?.shadowRoot?.activeElement ?? focused)?.textContent.trim();
      }),
    );
  }
  expect(reached).toEqual(['Try again', 'Rather not, or no camera? Another way', 'Start over', 'Use a recorded clip']);
  await expect(page.locator('.primary:visible')).toHaveText('Try again');
  await expect(page.getByRole('alert').filter({ visible: true }), 'the element says it').toHaveCount(0);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'No camera' })).toBeFocused();
});

test('canceling the last attempt leaves focus in the element, and the page’s button is the primary one', async ({
  page,
}) => {
  await page.route('**/session/start', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), attemptsRemaining: 0 } });
  });
  // The submission is never answered, so there is a session to cancel however slow the machine is.
  await page.route('**/detectLiveness/singleModal', () => undefined);
  await page.goto(server.url);
  const started = page.waitForResponse('**/session/start');
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  await (await started).finished();
  await page.waitForFunction(() => !document.querySelector('face-liveness')?.matches(':state(preparing)'));
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(page.getByText('Code: UserCanceledSession')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Canceled' })).toBeFocused();
  await expect(page.locator('.primary:visible')).toHaveText('Start over');
});

test('without mediaDevices, the clip is the primary button and a start fails with BrowserNotSupported', async ({
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'mediaDevices'));
  await page.goto(server.url);
  await expect(page.locator('.primary:visible')).toHaveText('Use a recorded clip');
  await page.getByRole('button', { name: 'Start with my camera' }).click();
  await expect(page.getByText('Code: BrowserNotSupported')).toBeVisible();
  await expect(page.locator('.primary:visible'), 'trying again would not help').toHaveText('Start over');
});

test('the page says that it takes a moment until the session is created', async ({ page }) => {
  await page.goto(server.url);
  const [busy, session] = [page.getByText('One moment…'), page.locator('face-liveness')];
  await expect(busy).toBeHidden();
  let answer: (() => void) | undefined;
  await page.route('**/demo/api/sessions', async (route) => {
    await new Promise<void>((resolve) => (answer = resolve));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  await expect(busy).toBeInViewport({ ratio: 1 });
  await expect.poll(() => answer).toBeDefined();
  await expect(session).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Face check', exact: true }), 'beside what is seen').toBeFocused();
  answer?.();
  await expect(session).toBeVisible();
  await expect(busy).toBeHidden();
});

test('the page gives up on a recorded clip that does not arrive, and cancels its download', async ({ page }) => {
  await page.clock.install();
  // The download is never answered.
  await page.route('**/demo-clip/*', () => undefined);
  await page.goto(server.url);
  const asked = page.waitForRequest('**/demo-clip/*');
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  const clip = await asked;
  const canceled = page.waitForEvent('requestfailed', (request) => request === clip);
  await page.clock.fastForward(15_000);
  await expect(page.getByRole('alert')).toHaveText('The recorded clip cannot be played in this browser.');
  await canceled;
});

test('when there are too many visitors, the page says so and when to try again', async ({ page }) => {
  await page.route('**/demo/api/sessions', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '100' }, json: { error: { code: 'TooManyVisitors' } } }),
  );
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  await expect(page.getByRole('alert')).toHaveText(
    'Too many people are here right now. Please try again in 2 minutes.',
  );
  await expect(page.locator('#problem-title')).toBeFocused();
  await expect(page.locator('.primary:visible')).toHaveText('Start over');
});

test('on a phone in landscape, a session fills the screen, with the whole ring and button in view', async ({
  page,
}) => {
  // The submission is never answered, so the session still runs however slow the machine is.
  await page.route('**/detectLiveness/singleModal', () => undefined);
  await page.setViewportSize({ width: 844, height: 390 });
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Use a recorded clip' }).click();
  for (const part of ['ring', 'cancel']) {
    await expect(page.locator(`face-liveness [part~="${part}"]`)).toBeInViewport({ ratio: 1 });
  }
  expect(await page.locator('#session').boundingBox()).toEqual({ x: 0, y: 0, width: 844, height: 390 });
});

test('large or widely spaced text does not make a page wider than 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const path of ['/', '/operator']) {
    for (const rule of ['html { font-size: 24px }', '* { letter-spacing: 0.12em; word-spacing: 0.16em }']) {
      await page.goto(`${server.url}${path}`);
      await page.evaluate((words) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(words.replaceAll(/(?=;| })/g, ' !important'));
        document.adoptedStyleSheets = [sheet];
      }, rule);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${path} ${rule}`).toBe(320);
    }
  }
});

test('on an insecure address, the page asks for HTTPS or localhost and disables both start buttons', async ({
  page,
}) => {
  await page.goto(server.url.replace(/127\.0\.0\.1|localhost/, INSECURE_HOST));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(page.getByText('open this page over HTTPS or from localhost')).toBeVisible();
  for (const name of ['Start with my camera', 'Use a recorded clip']) {
    await expect(page.getByRole('button', { name })).toBeDisabled();
  }
  for (const id of ['consent', 'another-way']) await expect(page.locator(`#${id}`)).toBeHidden();
});
