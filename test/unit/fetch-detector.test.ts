/** Loading the detector’s files from a server that fails. Other cases are tested in `test/e2e/assets.spec.ts`. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { FailureError } from '../../src/protocol/failure.js';
import { retrying } from '../../src/retry.js';
import { fetchDetector } from '../../worker/assets.js';

it.each([
  [404, false],
  [503, true],
])('a refusal with %i is tried again: %s', async (status, again) => {
  let asked = 0;
  const server = createServer((_, response) => {
    // 404 for the second request, so that the test need not wait for a third.
    response.writeHead(asked++ === 0 ? status : 404).end();
  });
  await new Promise((resolve) => server.listen(0, () => resolve(null)));
  const model = `http://localhost:${(server.address() as AddressInfo).port}/model`;
  const { signal } = new AbortController();
  const failures: unknown[] = [];
  const work = () =>
    fetchDetector({ model }, () => undefined, signal).catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  const options = { deadlineMs: 10_000, offlineMs: 0, signal, onConnection: () => undefined };
  const failure = { code: 'AssetsNotLoaded' };
  await expect(retrying(work, options)).rejects.toMatchObject({ failure });
  expect(failures[0]).toMatchObject({ failure: { ...failure, status } });
  expect(asked).toBe(again ? 2 : 1);
  server.close();
});

type Files = Record<'model' | 'wasm', ServerResponse>;

/** Resolves when both files were requested. The test answers these requests; repeated ones get an empty answer. */
async function serve() {
  const asked = new Map<string, ServerResponse>();
  const server = createServer(({ url = '' }, response) => {
    if (url === '/ping' || asked.has(url)) response.end();
    else asked.set(url, response);
  });
  await new Promise((resolve) => server.listen(0, () => resolve(null)));
  const at = (path: string) => `http://localhost:${(server.address() as AddressInfo).port}/${path}`;
  const failure = fetchDetector({ model: at('model'), wasm: at('wasm') }, () => undefined).then(
    () => expect.fail('It did not fail'),
    (error: unknown) => (error as FailureError).failure,
  );
  const file = (path: string) => asked.get(path) ?? expect.fail(`${path} was not asked for`);
  const files = await vi.waitFor((): Files => ({ model: file('/model'), wasm: file('/wasm') }), { timeout: 15_000 });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { at, failure, files, close };
}

it.each([
  ['temporarily: the other goes on', (model: ServerResponse) => model.destroy(), true],
  ['permanently: the other is aborted', (model: ServerResponse) => model.writeHead(404).end(), false],
])('one of two files fails %s', async (_, fail, goesOn) => {
  const { at, failure, files, close } = await serve();
  const closed = once(files.wasm, 'close');
  files.wasm.write('some of it');
  fail(files.model);
  if (goesOn) {
    // Long enough for the download to be aborted by mistake.
    for (let times = 0; times < 5; times++) await fetch(at('ping'));
    expect(files.wasm.destroyed).toBe(false);
    files.wasm.destroy();
  }
  await closed;
  expect(await failure).toMatchObject({ code: 'AssetsNotLoaded' });
  close();
});

it.each([
  ['refused', (wasm: ServerResponse) => wasm.writeHead(404).end(), { code: 'AssetsNotLoaded', status: 404 }],
  ['corrupt', (wasm: ServerResponse) => wasm.end('another'), { code: 'AssetsCorrupt' }],
])('one of two files fails temporarily, the other is %s: reports the other', async (_, fail, told) => {
  const { at, failure, files, close } = await serve();
  files.model.destroy();
  // By then, the model has failed.
  for (let times = 0; times < 5; times++) await fetch(at('ping'));
  fail(files.wasm);
  const message = expect.stringContaining('/wasm') as string;
  expect(await failure).toMatchObject({ ...told, message });
  close();
});
