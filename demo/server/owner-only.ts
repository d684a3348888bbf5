/** Files that hold keys and faces are for their owner alone, whoever made them: a backup that is put back has a mode of its own. */
import { chmodSync } from 'node:fs';

/** Of those that are there. */
export function ownerOnly(...files: string[]): void {
  for (const file of files) {
    try {
      chmodSync(file, 0o600);
    } catch {
      // There is none, it belongs to others, or its file system has no modes.
    }
  }
}
