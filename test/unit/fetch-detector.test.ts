/** The detector’s files from a server that refuses them. What a browser makes of the rest is in `test/e2e/assets.spec.ts`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
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
