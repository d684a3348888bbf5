/** The pages of README and quick start and the back end of the docs, as they stand there, put together as a reader would. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { FACE_VIDEO, buildFixtures } from '../fixtures/build.js';
import { type RunningServer, startServer } from './server.js';

interface BackEnd {
  createSession(deviceId: string): Promise<{ sessionId: string; authToken: string }>;
  readVerdict(sessionId: string, reported: object): Promise<string>;
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    const film = [`--use-file-for-fake-video-capture=${FACE_VIDEO}`];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...camera, ...film] });
  },
});

let site: Server;
let origin: string;
let service: RunningServer;
let folder: string;
let page: string;
let backEnd: BackEnd;
/** The session of the one visitor, and what became of it. */
let sessionId = '';
let verdict: string | null = null;

test.beforeAll(async () => {
  await buildFixtures();
  site = createServer((request, response) => {
    answer(request).then(
      ([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  service = await startServer({ environment: { LIVENESS_ALLOWED_ORIGINS: origin } });
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  writeFileSync(join(folder, 'back-end.mjs'), block('docs/back-end.md', 'js back-end'));
  Object.assign(process.env, { LIVENESS_URL: service.url, LIVENESS_API_KEY: service.apiKey });
  backEnd = (await import(pathToFileURL(join(folder, 'back-end.mjs')).href)) as BackEnd;
});

test.afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** The first block of that language. */
function block(path: string, language: string): string {
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readFileSync(path, 'utf8')) ?? [];
  return code;
}

async function answer(request: IncomingMessage): Promise<[type: string, body: string | Buffer]> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/') return ['text/html', page];
  if (pathname === '/my-back-end/session') {
    const session = await backEnd.createSession('a-device');
    ({ sessionId } = session);
    return ['application/json', JSON.stringify({ authToken: session.authToken })];
  }
  if (pathname === '/my-back-end/result') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    verdict = await backEnd.readVerdict(sessionId, JSON.parse(Buffer.concat(chunks).toString()) as object);
    return ['application/json', '{}'];
  }
  const path = pathname.replace(/^\/face-liveness\//, '/');
  return [TYPES[extname(path)] ?? 'application/octet-stream', readFileSync(join('dist/element', path))];
}

for (const path of ['README.md', 'docs/quick-start.md']) {
  test(`${path}: a whole session, and a verdict on what was sent`, async ({ page: tab }) => {
    page = `<!doctype html><html lang="en"><title>Onboarding</title><link rel="icon" href="data:,">${block(path, 'html')}`;
    verdict = null;
    const errors: string[] = [];
    tab.on('pageerror', ({ message }) => errors.push(message));
    await tab.goto(origin);
    // The service has no judge here: it does not decide, and what was reported is what it got.
    await expect.poll(() => verdict, { timeout: 45_000 }).toBe('undecided');
    await expect(tab.getByRole('heading', { name: 'All done' })).toBeVisible();
    expect(errors).toEqual([]);
  });
}
