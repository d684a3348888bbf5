/** A submission of three frames to send to an HTTP judge. */
import type { Submission } from '../../demo/server/judge/judge.js';
import { manifest } from '../service/submission.js';

export function film(change: Partial<Submission> = {}): Submission {
  const said = manifest(1, 3);
  const bytes = (index: number) => new Uint8Array(1_000).fill(index).fill(0x0a, 3, 5);
  return {
    manifest: said,
    frames: said.frames.map(({ fileName }, index) => ({ fileName, type: 'image/jpeg', bytes: bytes(index) })),
    challenge: ['lookLeft', 'lookUp'],
    sessionId: 'a-session',
    elapsedInMs: 4_321,
    verifyImage: null,
    ...change,
  };
}
