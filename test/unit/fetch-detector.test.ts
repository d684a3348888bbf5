/** The detector’s files from a server that refuses them. What a browser makes of the rest is in `test/e2e/assets.spec.ts`. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { retrying } from '../../src/retry.js';
import { fetchDetector } from '../../worker/assets.js';

it.each([
  [404, false],
  [503, true],
])('a refusal with %i: asked for again is %s', async (status, again) => {
  let asked = 0;
  const server = createServer((_, response) => {
    // The second is the last: that need not wait for the next.
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

it.each([
  ['in passing: the other goes on', (model: ServerResponse) => model.destroy(), true],
  ['for good: the other is given up', (model: ServerResponse) => model.writeHead(404).end(), false],
])('one of two files fails %s', async (_, fail, goesOn) => {
  const asked = new Map<string, ServerResponse>();
  const server = createServer(({ url = '' }, response) => {
    if (url === '/ping' || asked.has(url)) response.end();
    else asked.set(url, response);
  });
  await new Promise((resolve) => server.listen(0, () => resolve(null)));
  const at = (path: string) => `http://localhost:${(server.address() as AddressInfo).port}/${path}`;
  const work = fetchDetector({ model: at('model'), wasm: at('wasm') }, () => undefined);
  const failed = expect(work).rejects.toMatchObject({ failure: { code: 'AssetsNotLoaded' } });
  const [model, wasm] = await vi.waitFor(
    () => ['/model', '/wasm'].map((path) => asked.get(path) ?? expect.fail(`${path} was not asked for`)),
    { timeout: 15_000 },
  );
  if (!model || !wasm) return;
  const closed = once(wasm, 'close');
  wasm.write('some of it');
  fail(model);
  if (goesOn) {
    // Time in which it would be given up.
    for (let times = 0; times < 5; times++) await fetch(at('ping'));
    expect(wasm.destroyed).toBe(false);
    wasm.end();
  }
  await closed;
  await failed;
  server.closeAllConnections();
  server.close();
});
