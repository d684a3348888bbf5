/** What the schemas of client requests accept, and what it costs them to refuse a request. */
import { expect, it } from 'vitest';
import { captureManifest } from '../../demo/server/service/schemas/client.js';
import { manifest } from './submission.js';

it('captureManifest refuses 20,000 frames with a single issue, and accepts 60', () => {
  const frames = Array.from({ length: 20_000 }, () => ({}));
  expect(captureManifest.safeParse({ ...manifest(), frames }).error?.issues).toHaveLength(1);
  expect(captureManifest.safeParse(manifest(1, 60)).success).toBe(true);
});

it('captureManifest refuses a frame that lacks any one of its measurements', () => {
  const [frame] = manifest(1, 1).frames;
  for (const name of Object.keys(frame?.measurements ?? {})) {
    const lacking = { ...frame, measurements: { ...frame?.measurements, [name]: undefined } };
    expect([name, captureManifest.safeParse({ ...manifest(), frames: [lacking] }).success]).toEqual([name, false]);
  }
});
