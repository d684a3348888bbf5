/** In Node, missing features are reported as they are in a browser. */
import { expect, it } from 'vitest';
import { prefetch } from '../../src/prefetch.js';
import { checkSupport, requirePageSupport } from '../../src/support.js';

it('checkSupport() resolves with the missing features', async () => {
  const { supported, checks } = await checkSupport();
  expect(supported).toBe(false);
  const codes = Object.fromEntries(checks.map(({ name, code }) => [name, code]));
  expect(codes).toMatchObject({
    secureContext: 'InsecureContext',
    permissionsPolicy: null,
    mediaDevices: 'BrowserNotSupported',
    webAssemblySimd: null,
    worker: 'WorkerNotLoaded',
  });
});

it('requirePageSupport() and prefetch() fail because of the missing features', async () => {
  expect(requirePageSupport).toThrow('lacks: secureContext, mediaDevices,');
  await expect(prefetch()).rejects.toMatchObject({ code: 'InsecureContext' });
});
