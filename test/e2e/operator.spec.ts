/** The operator page: sessions, decisions, audit and kept pictures, with the service's API key. */
import { type APIRequestContext, expect, test } from '@playwright/test';
import type { SessionAnswer } from '../../demo/common/contract.js';
import { BackEnd } from './back-end.js';
import { openOperator, runSession } from './demo-pages.js';
import { NO_CAMERA, withFlags } from './flags.js';
import { countMarked, markedEdges } from './gallery.js';
import { judgementOn, SECRET, startJudgeServer } from '../judge/judge-server.js';
import { createClient, type Submission } from '../service/client.js';
import { form, manifest, submission, submissionParts } from '../service/submission.js';
import { sha256Hex } from '../sha256-hex.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...NO_CAMERA));

/** Colour of the rectangle that the page reported. */
const SAID: [number, number, number] = [0x37, 0xe0, 0xbd];
/** A submission that the service refuses, and audits all the same. */
const TO_NO_PURPOSE: Submission = {
  contentType: 'multipart/form-data; boundary=x',
  bytes: new TextEncoder().encode('to no purpose'),
};

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** Creates a session through the demo's back end, as a visitor's page does. */
async function visited(request: APIRequestContext): Promise<SessionAnswer> {
  const wanted = { livenessOperationMode: 'Passive', sendResultsToClient: false, enableSessionImage: false };
  const created = await request.post(`${server.url}/demo/api/sessions`, { data: wanted });
  return (await created.json()) as SessionAnswer;
}

/** Creates a visitor's session, with a submission that is decided and reported. */
async function reported(request: APIRequestContext): Promise<SessionAnswer> {
  const session = await visited(request);
  const { sessionId, token } = session;
  const client = createClient(server.url);
  await client.start(token);
  const body = submission();
  const resultId = (await client.submit(token, body)).headers.get('apim-request-id');
  const report = { sessionId, attemptId: 1, resultId, clientRequestId: sessionId, digest: sha256Hex(body.bytes) };
  expect((await request.post(`${server.url}/demo/api/results`, { data: report })).status()).toBe(200);
  return session;
}

test('signing in focuses the list, the page fits 320 px, and its title names the open session', async ({ page }) => {
  const { sessionId } = await new BackEnd(server).createSession();
  await page.setViewportSize({ width: 320, height: 640 });
  await openOperator(page, server);
  const title = page.getByRole('heading', { name: 'Sessions', exact: true });
  await expect(title).toBeFocused();
  await expect(title).toHaveAccessibleDescription(/\d+ sessions?$/);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBe(320);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect(await width()).toBe(320);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await expect(page.getByRole('heading', { name: sessionId })).toBeFocused();
  await expect(page).toHaveTitle(`Session ${sessionId} · Face liveness`);
  expect(await width()).toBe(320);

  await page.reload();
  await expect(page.getByRole('heading', { name: sessionId }), 'where it is still open').toBeVisible();
  await page.goBack();
  await expect(page).toHaveTitle('Sessions · Face liveness');
});

test('without the demo, the operator page leaves comparing digests to the back end and names no bank', async ({
  page,
}) => {
  const plain = await startServer({ environment: { LIVENESS_DEMO: 'off' } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  const { sessionId, authToken } = await new BackEnd(plain).createSession();
  await createClient(plain.url).submit(authToken, TO_NO_PURPOSE);
  await openOperator(page, plain);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  const entry = page.locator('.entry');
  await expect(entry.getByText('Your back end has to compare this digest')).toBeVisible();
  await expect(entry.locator('.digest')).toHaveCount(1);
  await expect(entry.getByText('The client was sent the same body.')).toBeVisible();
  for (const words of ['Not compared', 'onboarding page', 'Example Bank']) {
    await expect(page.getByText(words).filter({ visible: true })).toHaveCount(0);
  }
  await expect(page.getByRole('link', { name: 'Onboarding page' })).toHaveCount(0);
  expect(complaints).toEqual([]);
  expect(await plain.stop()).toBe(0);
});

test('the operator page sums up what an external judge found, quotes its reason, and omits missing facts', async ({
  page,
}) => {
  const finding = (weight: string) => ({ name: 'own', finding: weight, value: 1 });
  const said = [
    { evidence: { findings: [finding('supports'), finding('absent')] } },
    { evidence: { findings: [finding('supports'), finding('doubts')] }, reason: 'Own<b>' },
    { evidence: { scores: [1] }, reason: 'Own' },
  ];
  const judge = await startJudgeServer({
    judge: async (submitted) => ({ ...judgementOn(submitted), ...said[submitted.manifest.attemptId - 1] }),
  });
  const judged = await startServer({
    environment: { LIVENESS_JUDGE_URL: judge.url, LIVENESS_JUDGE_SECRET: SECRET, LIVENESS_JUDGE: 'http' },
  });
  const client = createClient(judged.url);
  const { sessionId, authToken } = await new BackEnd(judged).createSession({ sendResultsToClient: true });
  for (const attemptId of [1, 2, 3]) {
    await client.start(authToken);
    const unnamed = { 'user-agent': '', 'client-request-id': '' };
    expect((await client.submit(authToken, submission(attemptId), unnamed)).status).toBe(200);
  }
  await openOperator(page, judged);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  const entries = page.locator('.entry');
  await expect(entries.locator('.evidence > p')).toHaveText([
    'The judge found what a live person would show, and nothing that speaks against it.',
    'The judge considers this a live person. The judge’s reason is “Own<b>”.',
    'The judge considers this a live person. The judge’s reason is “Own”.',
  ]);
  await expect(entries.first()).toContainText('all of it except reason and evidence.');
  await expect(entries.first().locator('.facts dt')).toHaveText(['Call', 'Type', 'Size', 'Request id']);
  expect(await judged.stop()).toBe(0);
  await judge.close();
});

test('the list is shown even if the demo’s reports answer 404, and they are requested once only', async ({ page }) => {
  const { sessionId } = await new BackEnd(server).createSession();
  let asked = 0;
  await page.route('**/demo/api/reports', (route) => {
    asked += 1;
    return route.fulfill({ status: 404, body: 'Not found' });
  });
  await openOperator(page, server);
  const row = page.locator(`#sessions a[href="#${sessionId}"]`);
  await expect(row).toBeVisible();
  await expect(page.getByRole('link', { name: 'Onboarding page' })).toHaveCount(0);
  await row.click();
  await expect(page.locator('#detail h2')).toBeVisible();
  expect(asked).toBe(1);
});

test('served under a path, the operator page and the API page request nothing outside it', async ({ page }) => {
  const { sessionId } = await new BackEnd(server).createSession();
  // As a reverse proxy that strips the path.
  await page.route(`${server.url}/below/**`, (route) =>
    route.continue({ url: route.request().url().replace('/below/', '/') }),
  );
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!/^data:/.test(request.url()) && !request.url().startsWith(`${server.url}/below/`)) outside.push(request.url());
  });
  await openOperator(page, { ...server, url: `${server.url}/below` });
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await page.getByRole('button', { name: 'Delete' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.locator(`#sessions a[href="#${sessionId}"]`)).toHaveCount(0);
  await page.goto(`${server.url}/below/docs`);
  await page.getByRole('link', { name: 'OpenAPI' }).click();
  await expect(page).toHaveURL(`${server.url}/below/openapi.json`);
  expect(outside).toEqual([]);
});

test('the list says that digests match only for the latest decision', async ({ page, request }) => {
  const { sessionId, token } = await reported(request);
  await openOperator(page, server);
  const row = page.locator(`#sessions a[href="#${sessionId}"]`);
  await expect(row.getByText('Digests match')).toBeVisible();
  const client = createClient(server.url);
  await client.start(token);
  expect((await client.submit(token, submission(2))).status).toBe(204);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(row).toContainText('2 attempts');
  await expect(row.locator('.mark')).toHaveText('uncertain');
  await expect(row.getByText('…')).toHaveCount(0);
  await expect(row.getByText('Digests match')).toHaveCount(0);
});

test('the list fetches decisions only for sessions in view, and again only for those without one', async ({ page }) => {
  const backEnd = new BackEnd(server);
  const client = createClient(server.url);
  const tokens = new Map<string, string>();
  for (let count = 0; count < 20; count += 1) {
    const { sessionId, authToken } = await backEnd.createSession();
    tokens.set(sessionId, authToken);
    await client.start(authToken);
  }
  const ids = [...tokens.keys()];
  const decide = async (id: string) => {
    expect((await client.submit(tokens.get(id) ?? '', submission())).status).toBe(204);
  };
  const read: string[] = [];
  page.on('request', (sent) => {
    const id = /\/face\/v1\.2\/detectLiveness-sessions\/(.+)$/.exec(sent.url())?.[1];
    if (id) read.push(id);
  });
  const [oldest = '', newest = ''] = [ids[0], ids.at(-1)];
  await decide(newest);
  await openOperator(page, server);
  const markOf = (id: string) => page.locator(`#sessions a[href="#${id}"] .mark`);
  await expect(markOf(newest)).toHaveText('uncertain');
  expect(read).not.toContain(oldest);
  await page.locator(`#sessions a[href="#${oldest}"]`).scrollIntoViewIfNeeded();
  await expect(markOf(oldest)).toHaveText('no decision');
  await decide(oldest);
  await page.locator(`#sessions a[href="#${newest}"]`).click();
  await expect(page.locator('#detail h2')).toBeFocused();
  await page.goBack();
  await page.locator(`#sessions a[href="#${oldest}"]`).scrollIntoViewIfNeeded();
  await expect(markOf(oldest)).toHaveText('uncertain');
  await page.locator(`#sessions a[href="#${newest}"]`).scrollIntoViewIfNeeded();
  await expect(markOf(newest)).toHaveText('uncertain');
  expect(
    read.filter((id) => id === newest),
    'once in the list, and once in the detail',
  ).toHaveLength(2);
});

test('the operator page shows every entry of an audit that is longer than one answer of the service', async ({
  page,
}) => {
  const client = createClient(server.url);
  const { sessionId, authToken } = await new BackEnd(server).createSession();
  expect((await client.start(authToken, { client: { name: 'test', version: '1' } })).status).toBe(200);
  for (let count = 0; count < 23; count += 1) {
    expect((await client.submit(authToken, TO_NO_PURPOSE)).status).toBe(400);
  }
  await openOperator(page, server);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await expect(page.locator('.entry')).toHaveCount(23);
  await expect(page.locator('#detail h2'), 'where to read on').toBeFocused();
  expect(await page.locator('.entry h4').allTextContents()).toEqual(
    Array.from({ length: 23 }, (_, index) => `Entry ${index + 1}`),
  );
  await page.goBack();
  await expect(page.locator('#list-title')).toBeFocused();
});

test('a report that names another session’s submission does not count for that submission', async ({
  page,
  request,
}) => {
  const { sessionId, authToken } = await new BackEnd(server).createSession();
  const refused = await createClient(server.url).submit(authToken, TO_NO_PURPOSE);
  const resultId = refused.headers.get('apim-request-id');
  const { sessionId: own } = await visited(request);
  const report = { sessionId: own, attemptId: 1, resultId, clientRequestId: own, digest: 'A'.repeat(64) };
  expect((await request.post(`${server.url}/demo/api/results`, { data: report })).status()).toBe(200);
  await openOperator(page, server);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await expect(page.locator('.entry').getByText('Not compared')).toBeVisible();
});

test('focus stays put when an earlier answer arrives late, and goes to the notice for an unknown session', async ({
  page,
}) => {
  const [first, second] = [await new BackEnd(server).createSession(), await new BackEnd(server).createSession()];
  await openOperator(page, server);
  await expect(page.locator('#desk')).toBeVisible();
  const follow = (id: string) => page.evaluate((to) => (location.hash = to), id);
  const heading = page.locator('#detail h2');
  await follow(first.sessionId);
  await expect(heading).toBeFocused();

  // The answer to an earlier link comes late, and must not change what is shown by then.
  let answer: (() => void) | undefined;
  await page.route(`**/operator/api/sessions?search=${second.sessionId}&*`, async (route) => {
    await new Promise<void>((resolve) => (answer = resolve));
    await route.continue();
  });
  await follow(second.sessionId);
  await expect.poll(() => answer).toBeDefined();
  await follow('');
  await expect(page.locator('#list-title')).toBeFocused();
  await follow(first.sessionId);
  await expect(heading).toHaveText(first.sessionId);
  const elsewhere = page.getByRole('button', { name: 'Delete' });
  await elsewhere.focus();
  const answered = page.waitForResponse(`**/operator/api/sessions?search=${second.sessionId}&*`);
  answer?.();
  await (await answered).finished();
  await page.waitForTimeout(300);
  await expect(elsewhere).toBeFocused();

  await follow('no-such-session');
  await expect(page.getByText('There is no such session')).toBeFocused();
});

test('when refreshing fails, the list says so and the open session stays', async ({ page }) => {
  const { sessionId } = await new BackEnd(server).createSession();
  await openOperator(page, server);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await expect(page.locator('#detail h2')).toBeVisible();
  await page.route('**/operator/api/sessions?search=&*', (route) => route.abort());
  await page.getByRole('button', { name: 'Refresh', includeHidden: true }).dispatchEvent('click');
  await expect(page.locator('#list-note')).toHaveText('The service does not answer.');
  await expect(page.locator('#detail h2')).toBeVisible();
});

test('the operator can search for a session and delete it, but only after confirming', async ({ page, request }) => {
  const { sessionId } = await reported(request);
  await openOperator(page, server);
  await page.getByRole('searchbox').fill(sessionId);
  await expect(page.locator('#sessions a')).toHaveCount(1);
  await page.locator('#sessions a').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.locator('.entry')).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: 'Delete this session?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.locator('#sessions a')).toHaveCount(0);
  await expect(page.locator('.entry')).toHaveCount(0);
});

test('the operator page draws a face rectangle on every kept picture', async ({ page }) => {
  await runSession(page, server, { pictures: true });
  await expect(page.getByText('Digests match')).toBeVisible();

  await openOperator(page, server);
  await page.locator('#sessions a').first().click();
  await page.getByRole('button', { name: /^Show \d+/ }).click();
  await expect(page.getByRole('button', { name: /^Show \d+/ }), 'until all are there').toBeHidden();
  const pictures = page.locator('.gallery canvas');
  expect(await pictures.count()).toBeGreaterThan(0);
  expect(await countMarked(pictures, SAID)).toBe(await pictures.count());
});

test('kept pictures load one at a time and are scaled down, with the face rectangle in place', async ({ page }) => {
  const { sessionId, authToken } = await new BackEnd(server).createSession({ enableSessionImage: true });
  const client = createClient(server.url);
  await client.start(authToken);
  const large = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2560, height: 1920 });
    canvas.getContext('2d')?.fillRect(0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  // Given in pixels of the sent picture, each face somewhere else.
  const frames = manifest(1, 6).frames.map((frame, index) => ({
    ...frame,
    faceRectangle: { left: 121 + 200 * index, top: 59 + 150 * index, width: 409 + 40 * index, height: 395 },
  }));
  const parts = submissionParts({ ...manifest(), frames }).map((part) =>
    part.name === 'frame' ? { ...part, body: Buffer.from(large, 'base64') } : part,
  );
  expect((await client.submit(authToken, form(parts))).status).toBe(204);

  let [open, most] = [0, 0];
  await page.route('**/session/sessionImages/*', async (route) => {
    most = Math.max(most, ++open);
    const answer = await route.fetch();
    open -= 1;
    await route.fulfill({ response: answer });
  });
  await openOperator(page, server);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await page.getByRole('button', { name: 'Show 6' }).click();
  const pictures = page.locator('.gallery canvas');
  await expect(pictures).toHaveCount(6);
  expect(most).toBe(1);
  const sizes = await pictures.evaluateAll((all) =>
    (all as HTMLCanvasElement[]).map(({ width, height }) => [width, height]),
  );
  expect(sizes).toEqual(Array.from({ length: 6 }, () => [640, 480]));
  const drawn = await markedEdges(pictures, SAID);
  // The picture is shown at a quarter of its size.
  frames.forEach(({ faceRectangle: { left, top, width, height } }, index) => {
    const edges = { left, top, right: left + width, bottom: top + height };
    for (const edge of ['left', 'top', 'right', 'bottom'] as const) {
      expect.soft(drawn[index]?.[edge], `${edge} of picture ${index + 1}`).toBeCloseTo(edges[edge] / 4, -1);
    }
  });
});
