/** The server that `npm start` runs: what it serves, which files only its owner can read, when it does not start. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../demo/server/database/open.js';
import { API_KEY } from './client.js';
import { standInPages, startProcess, type ServiceProcess } from './process.js';

const databaseFiles = (folder: string) =>
  ['', '-wal', '-shm'].map((ending) => join(folder, `liveness.db${ending}`)) as [string, string, string];

describe('the process', () => {
  let directory: string;
  let running: ServiceProcess;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'service-'));
    mkdirSync(join(directory, 'dist/element/liveness-assets/wasm'), { recursive: true });
    writeFileSync(join(directory, 'dist/element/liveness-assets/wasm/vision.wasm'), '\0asm');
    // Database files that everybody can read, as when a backup was restored.
    for (const path of databaseFiles(directory)) {
      writeFileSync(path, '');
      chmodSync(path, 0o644);
    }
    running = await startProcess({
      location: { file: join(directory, 'liveness.db') },
      dataDirectory: directory,
      environment: { LIVENESS_API_KEYS: undefined, LIVENESS_DEMO: 'on' },
    });
  });
  afterAll(async () => {
    expect(await running.end('SIGTERM')).toBe(0);
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['/', 'text/html; charset=utf-8', 'onboarding'],
    ['/operator', 'text/html; charset=utf-8', 'operator'],
    ['/face-liveness.js', 'text/javascript; charset=utf-8', 'export'],
    ['/liveness-assets/wasm/vision.wasm', 'application/wasm', 'asm'],
  ])('serves %s as %s', async (path, type, content) => {
    const answer = await fetch(running.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain(content);
    const again = await fetch(running.url + path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('answers 304 if If-None-Match has the file’s tag, weak or in a list, or is *', async () => {
    const url = `${running.url}/face-liveness.js`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const status = async (tags: string) => (await fetch(url, { headers: { 'if-none-match': tags } })).status;
    for (const tags of [`W/${etag}`, `"a", ${etag}`, `W/"a,b" ,W/${etag}`, '*']) {
      expect([tags, await status(tags)]).toEqual([tags, 304]);
    }
    for (const tags of ['"*"', 'W/"a"', etag.slice(1, -1), `w/${etag}`]) {
      expect([tags, await status(tags)]).toEqual([tags, 200]);
    }
  });

  it.each(['/readyz', '/operator'])('answers a request of HTTP/1.0, which names no host: %s', async (path) => {
    const { hostname, port } = new URL(running.url);
    const socket = connect(Number(port), hostname);
    socket.end(`GET ${path} HTTP/1.0\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('forbids other pages to frame the operator page', async () => {
    for (const path of ['/operator', '/operator.html']) {
      const { headers } = await fetch(running.url + path);
      expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
    }
    expect((await fetch(`${running.url}/`)).headers.get('content-security-policy')).toBe(null);
  });

  it.each(['/..%2fapi-key', '/%2e%2e/api-key', '/../api-key', '/liveness.db', '/data/api-key'])(
    'does not serve %s',
    async (path) => {
      expect((await fetch(running.url + path)).status).toBe(404);
    },
  );

  it('makes an API key when none is given, and prints its file but not the key', async () => {
    expect(running.output()).not.toMatch(/[0-9a-f]{64}/);
    expect(running.output()).toMatch(/^Listening on .*, with the API key in .*api-key$/m);
    const sessions = `${running.url}/face/v1.2-preview.1/detectLiveness/singleModal/sessions`;
    expect((await fetch(sessions, { headers: { 'ocp-apim-subscription-key': API_KEY } })).status).toBe(401);
    const key = readFileSync(join(directory, 'api-key'), 'utf8').trim();
    expect((await fetch(sessions, { headers: { 'ocp-apim-subscription-key': key } })).status).toBe(200);
    expect(statSync(join(directory, 'api-key')).mode & 0o077).toBe(0);
  });

  it('logs the hash of its own files as its build', () => {
    const hash = createHash('sha256');
    for (const name of ['judge-thread.js', 'main.js']) hash.update(readFileSync(join('dist/server', name)));
    expect(running.output()).toContain(`"build":"${hash.digest('hex').slice(0, 12)}"`);
  });

  it('sets the files of a restored database to mode 0600, and makes new ones with it', async () => {
    const created = join(directory, 'new');
    const database = await openDatabase({ file: databaseFiles(created)[0] });
    for (const path of [...databaseFiles(directory), ...databaseFiles(created)]) {
      expect(statSync(path).mode & 0o777, path).toBe(0o600);
    }
    await database.destroy();
  });

  it('serves the demo page and gives strangers a session only with LIVENESS_DEMO=on', async () => {
    const plain = await startProcess({
      location: { file: '' },
      dataDirectory: directory,
    });
    const ask = (url: string) =>
      fetch(`${url}/demo/api/sessions`, {
        method: 'POST',
        body: JSON.stringify({
          livenessOperationMode: 'Passive',
          sendResultsToClient: false,
          enableSessionImage: false,
        }),
      });
    const given = await ask(running.url);
    expect([given.status, given.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await ask(plain.url)).status).toBe(404);
    for (const path of ['/', '/index.html']) expect((await fetch(plain.url + path)).status).toBe(404);
    expect(await (await fetch(`${plain.url}/operator`)).text()).toContain('operator');
    expect((await fetch(`${plain.url}/demo/api/reports`)).status, 'by which the operator page knows').toBe(204);
    expect(await plain.end('SIGTERM')).toBe(0);
  });

  it('runs with the pages beside it and the packages that its package.json names, and nothing else', async () => {
    const installed = mkdtempSync(join(tmpdir(), 'service-'));
    const dist = standInPages(installed);
    const main = join(dist, 'server/main.js');
    cpSync('dist/server', dirname(main), { recursive: true });
    symlinkSync(resolve('public/liveness-assets'), join(dist, 'element/liveness-assets'));
    const { dependencies } = JSON.parse(readFileSync('dist/server/package.json', 'utf8')) as { dependencies: object };
    for (const name of Object.keys(dependencies)) {
      const link = join(dirname(main), 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(resolve('node_modules', name), link);
    }
    const elsewhere = await startProcess({
      location: { file: '' },
      dataDirectory: installed,
      environment: { DIST_DIR: undefined, LIVENESS_JUDGE: 'default' },
      main,
    });
    const readiness = async () => (await fetch(`${elsewhere.url}/readyz`)).text();
    await expect.poll(readiness, { timeout: 20_000 }).not.toContain('judge');
    expect(await (await fetch(`${elsewhere.url}/operator`)).text()).toBe('<title>operator</title>');
    expect(await elsewhere.end('SIGTERM')).toBe(0);
    expect(elsewhere.output()).not.toContain('judge-thread-lost');
    rmSync(installed, { recursive: true });
  });

  it.each([
    ['its pages', { DIST_DIR: '/nowhere' }, '/nowhere lacks element/face-liveness.js, demo/operator.html.'],
    ['the files of the default judge', { LIVENESS_JUDGE: 'default' }, 'liveness-assets lacks face_landmarker.task'],
  ])('does not start without %s, and names DIST_DIR', async (_, environment, message) => {
    const starting = startProcess({ location: { file: '' }, dataDirectory: directory, environment });
    const error: unknown = await starting.catch((reason: unknown) => reason);
    expect(String(error)).toContain(message);
    expect(String(error)).toContain('DIST_DIR');
  });

  it('says that the port, a variable, the database or DATA_DIR keeps it from starting', async () => {
    const start = startProcess({
      location: { file: '' },
      dataDirectory: directory,
      environment: { PORT: new URL(running.url).port },
    });
    await expect(start).rejects.toThrow('The session service cannot start: listen EADDRINUSE');
    const mistyped = startProcess({
      location: { file: '' },
      dataDirectory: directory,
      environment: { LIVENESS_SMILLE: 'on' },
    });
    await expect(mistyped).rejects.toThrow(
      'The session service cannot start: the service knows no variable named LIVENESS_SMILLE:',
    );
    writeFileSync(join(directory, 'other.txt'), 'no folder');
    for (const [name, value] of [
      ['DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none'],
      ['DATA_DIR', join(directory, 'other.txt')],
    ]) {
      const starting = startProcess({
        location: { file: '' },
        dataDirectory: directory,
        environment: { [name ?? '']: value },
      });
      await expect(starting).rejects.toThrow(`cannot start: The database (${name}) cannot be used: `);
    }
  });

  it.each([
    ['makes no database', []],
    ['does not open a database that is there', ['liveness.db']],
  ])('%s when a variable of its judge cannot be used', async (_, files) => {
    const untouched = mkdtempSync(join(tmpdir(), 'service-'));
    for (const path of files.map((file) => join(untouched, file))) {
      writeFileSync(path, '');
      chmodSync(path, 0o644);
    }
    const start = startProcess({
      location: { file: '' },
      dataDirectory: untouched,
      environment: { LIVENESS_JUDGE_THREADS: 'many' },
    });
    await expect(start).rejects.toThrow('LIVENESS_JUDGE_THREADS');
    expect(readdirSync(untouched)).toEqual(['dist', ...files]);
    for (const { size, mode } of files.map((file) => statSync(join(untouched, file)))) {
      expect([size, mode & 0o777]).toEqual([0, 0o644]);
    }
    rmSync(untouched, { recursive: true });
  });
});
