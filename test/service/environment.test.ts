/** What the service reads from its environment, and what it refuses instead of running differently than intended. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localUrl, readEnvironment } from '../../demo/server/environment.js';
import { refuseUnknown } from '../../demo/server/known-variables.js';
import { API_KEY } from './client.js';

const read = (variables: Record<string, string>) => readEnvironment({ LIVENESS_API_KEYS: API_KEY, ...variables });

it('readEnvironment turns the demo on only with LIVENESS_DEMO=on', () => {
  expect([read({}).demo, read({ LIVENESS_DEMO: 'off' }).demo, read({ LIVENESS_DEMO: 'on' }).demo]).toEqual([
    false,
    false,
    true,
  ]);
});

it('readEnvironment asks for a smile only with LIVENESS_SMILE=on', () => {
  expect([read({}).smile, read({ LIVENESS_SMILE: 'on' }).smile]).toEqual([false, true]);
});

it('readEnvironment takes comma-separated LIVENESS_ALLOWED_ORIGINS, and a LIVENESS_PUBLIC_URL with a path', () => {
  const { allowedOrigins, publicUrl } = read({
    LIVENESS_ALLOWED_ORIGINS: 'https://pages.example, http://localhost:3000,',
    LIVENESS_PUBLIC_URL: 'https://liveness.example/service/',
  });
  expect(allowedOrigins).toEqual(['https://pages.example', 'http://localhost:3000']);
  expect(publicUrl).toBe('https://liveness.example/service');
});

it.each(['http://localhost:8080', 'http://onboarding.localhost', 'http://127.0.0.1:8443', 'http://[::1]'])(
  'readEnvironment takes %s as LIVENESS_PUBLIC_URL without TLS, since it stays on the machine',
  (url) => expect(read({ LIVENESS_PUBLIC_URL: url }).publicUrl).toBe(url),
);

it.each([
  ['127.0.0.1', 'http://localhost:8080'],
  ['::', 'http://localhost:8080'],
  ['192.0.2.5', 'http://192.0.2.5:8080'],
  ['2001:db8::5', 'http://[2001:db8::5]:8080'],
  ['liveness.internal', 'http://liveness.internal:8080'],
])('localUrl of a service that listens on %s is %s', (host, url) => {
  expect(localUrl(host, 8080)).toBe(url);
  expect(new URL(url).port).toBe('8080');
});

describe('the API key that the service makes itself', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'environment-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const keys = () => readEnvironment({ DATA_DIR: directory }).apiKeys;

  it('is made once, in a file of mode 0600, with no other file beside it', () => {
    const [key] = keys();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keys()).toEqual([key]);
    expect(readdirSync(directory)).toEqual(['api-key']);
    expect(statSync(join(directory, 'api-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'api-key'), 'utf8')).toBe(`${key}\n`);
  });

  it('has its file set to mode 0600 again when a restored backup had another', () => {
    const file = join(directory, 'api-key');
    writeFileSync(file, API_KEY, { mode: 0o644 });
    expect(keys()).toEqual([API_KEY]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is located by apiKeyFile, which is undefined when LIVENESS_API_KEYS is set', () => {
    expect(readEnvironment({ DATA_DIR: directory }).apiKeyFile).toBe(join(directory, 'api-key'));
    expect(read({ DATA_DIR: directory }).apiKeyFile).toBe(undefined);
  });

  it('is also read from a file without a final line break', () => {
    writeFileSync(join(directory, 'api-key'), API_KEY);
    expect(keys()).toEqual([API_KEY]);
  });

  it('is made anew when a start that was killed left its file empty', () => {
    writeFileSync(join(directory, 'api-key'), '');
    const [key] = keys();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keys()).toEqual([key]);
  });

  /** Another start, which writes its key after 300 ms; in its own thread, because waiting for it blocks this one. */
  async function writing(): Promise<void> {
    const other = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
      parentPort.postMessage('ready');
      setTimeout(() => require('node:fs').writeFileSync(workerData, '${API_KEY}'), 300);`,
      { eval: true, workerData: join(directory, 'api-key') },
    );
    await once(other, 'message');
  }

  it('is the one of another start, which has made the file and is still writing the key', async () => {
    writeFileSync(join(directory, 'api-key'), '');
    await writing();
    expect(keys()).toEqual([API_KEY]);
  });

  it('is the one of another start, which makes the file just before this one can', async () => {
    const { openSync } = fs;
    const replaceOpen = (open: typeof openSync) => {
      fs.openSync = open;
      syncBuiltinESMExports();
    };
    replaceOpen((...opened) => {
      writeFileSync(join(directory, 'api-key'), '');
      return openSync(...opened);
    });
    try {
      await writing();
      expect(keys()).toEqual([API_KEY]);
    } finally {
      replaceOpen(openSync);
    }
  });

  it('leaves no file when it cannot be written, and is made by the next start', () => {
    // A limit of 0 bytes per file, which acts like a full disk.
    const main = ['-c', 'ulimit -f 0; exec "$0" dist/server/main.js', process.execPath];
    const { status, stderr } = spawnSync('sh', main, { env: { DATA_DIR: directory }, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('The session service cannot start: EFBIG')]);
    expect(readdirSync(directory)).toEqual([]);
    const [key] = keys();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(directory)).toEqual(['api-key']);
  });
});

describe('the environment', () => {
  it.each([
    ['LIVENESS_DEMO', 'yes'],
    ['LIVENESS_DEMO', 'true'],
    ['LIVENESS_SMILE', 'true'],
    ['LIVENESS_ALLOWED_ORIGINS', '*'],
    ['LIVENESS_ALLOWED_ORIGINS', 'null'],
    ['LIVENESS_ALLOWED_ORIGINS', 'pages.example'],
    ['LIVENESS_ALLOWED_ORIGINS', 'https://pages.example/'],
    ['LIVENESS_ALLOWED_ORIGINS', 'https://pages.example/apply'],
    ['LIVENESS_ALLOWED_ORIGINS', 'https://Pages.example'],
    ['LIVENESS_ALLOWED_ORIGINS', 'https://pages.example:443'],
    ['LIVENESS_ALLOWED_ORIGINS', 'https://pages.example,https://*.example'],
    ['LIVENESS_PUBLIC_URL', 'https://liveness.example/?a=b'],
    ['LIVENESS_PUBLIC_URL', 'https://liveness.example/#a'],
    ['LIVENESS_PUBLIC_URL', 'https://user@liveness.example'],
    ['LIVENESS_PUBLIC_URL', 'ftp://liveness.example'],
    ['LIVENESS_PUBLIC_URL', 'foo'],
    ['LIVENESS_PUBLIC_URL', 'http://liveness.example'],
    ['LIVENESS_PUBLIC_URL', 'http://localhost.example'],
    ['LIVENESS_API_KEYS', ''],
    ['LIVENESS_API_KEYS', ' , '],
    ['LIVENESS_API_KEYS', `${API_KEY},short`],
    ['LIVENESS_API_KEYS', 'schlüssel-des-tests'],
    ['LIVENESS_API_KEYS', 'of two\nlines, where a file has more than one'],
  ])('is refused with %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });

  it('is refused with an error that says of every wrong variable what is wrong', () => {
    const refused = () => read({ LIVENESS_PUBLIC_URL: 'foo', LIVENESS_DEMO: 'yes' });
    expect(refused).toThrow(/^✖ .+\n +→ at LIVENESS_PUBLIC_URL\n✖ .+\n +→ at LIVENESS_DEMO$/);
  });

  it('is refused with an error that does not quote the wrong key', () => {
    expect(() => read({ LIVENESS_API_KEYS: '' })).toThrow('is set but contains no key');
    const short = () => read({ LIVENESS_API_KEYS: `${API_KEY},too-short` });
    expect(short).toThrow('contains a key that has fewer than 16 characters');
    expect(short).not.toThrow('too-short');
  });

  it('is refused with an error that names the wrong origin', () => {
    const origins = 'https://one.example, https://two.example/';
    expect(() => read({ LIVENESS_ALLOWED_ORIGINS: origins })).toThrow(
      '"https://two.example/" is not an origin such as',
    );
  });

  it('is refused with an error that names the LIVENESS_ variables that the service does not know, and quotes no value', () => {
    const source = { LIVENESS_SMILLE: 'on', LIVENESS_ALLOWED_ORIGIN: 'https://a.example', LIVENESS_SMILE: 'on' };
    expect(() => refuseUnknown(source)).toThrow(
      /^the service knows no variable named LIVENESS_SMILLE, LIVENESS_ALLOWED_ORIGIN: docs\/service\.md lists the known names$/,
    );
  });
});

it('refuseUnknown takes variables that Kubernetes and other programs set, and unknown ones that are empty', () => {
  // Variables that Kubernetes sets for a service named `liveness`.
  const kubernetes = ['SERVICE_HOST', 'SERVICE_PORT_HTTP', 'PORT', 'PORT_8080_TCP', 'PORT_8080_TCP_ADDR'];
  const names = ['PATH', 'MY_LIVENESS_URL', 'LIVENESS_URL', 'LIVENESS_API_KEY', 'LIVENESS_JUDGE_SECRET'];
  for (const name of [...names, ...kubernetes.map((ending) => `LIVENESS_${ending}`)]) refuseUnknown({ [name]: 'a' });
  refuseUnknown({ LIVENESS_SMILLE: '' });
});
