/** What the schemas of a client's requests cost where somebody sends what they refuse. */
import { expect, it } from 'vitest';
import { captureManifest } from '../../demo/server/service/schemas/client.js';
import { manifest } from './submission.js';

it('a manifest of far too many frames is refused without a look at each', () => {
  const frames = Array.from({ length: 20_000 }, () => ({}));
  expect(captureManifest.safeParse({ ...manifest(), frames }).error?.issues).toHaveLength(1);
  expect(captureManifest.safeParse(manifest(1, 60)).success).toBe(true);
});
