/** A damaged Cache Storage. Everything else about the detector's files is tested in `test/e2e/`. */
import { afterEach, expect, it, vi } from 'vitest';
import { fetchDetector } from '../../worker/assets.js';

afterEach(() => vi.restoreAllMocks());

it('fetches a cached file from the server if the cached copy cannot be read', async () => {
  const broken = new ReadableStream({ pull: (stream) => stream.error(new TypeError('Damaged')) });
  vi.spyOn(Cache.prototype, 'match').mockResolvedValue(new Response(broken));
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(null, { status: 503 }));
  const model = new URL('/model', location.href).href;
  const work = fetchDetector({ model }, () => undefined);
  const message = expect.stringContaining('status 503') as string;
  await expect(work).rejects.toMatchObject({ failure: { code: 'AssetsNotLoaded', message } });
});
