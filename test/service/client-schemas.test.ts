/** What the schemas of a client's requests take, and what they cost where somebody sends what they refuse. */
import { expect, it } from 'vitest';
import { captureManifest } from '../../demo/server/service/schemas/client.js';
import { manifest } from './submission.js';

it('a manifest of far too many frames is refused without a look at each', () => {
  const frames = Array.from({ length: 20_000 }, () => ({}));
  expect(captureManifest.safeParse({ ...manifest(), frames }).error?.issues).toHaveLength(1);
  expect(captureManifest.safeParse(manifest(1, 60)).success).toBe(true);
});

it('a manifest of an element that knows no smiles is taken, and one without another measurement is not', () => {
  const without = (name: string) => {
    const { frames, ...rest } = manifest();
    const measured = frames.map((frame) => ({ ...frame, measurements: { ...frame.measurements, [name]: undefined } }));
    return JSON.parse(JSON.stringify({ ...rest, frames: measured })) as unknown;
  };
  expect(captureManifest.parse(without('mouthWidth'))).toEqual(without('mouthWidth'));
  expect(captureManifest.safeParse(without('mouthOpenness')).success).toBe(false);
});
