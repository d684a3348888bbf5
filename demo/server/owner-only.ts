/** Restricts files with keys and faces to their owner, even existing ones: a restored backup may have any mode. */
import { chmodSync } from 'node:fs';

/** Skips files that do not exist. */
export function ownerOnly(...files: string[]): void {
  for (const file of files) {
    try {
      chmodSync(file, 0o600);
    } catch {
      // The file does not exist, belongs to another user, or is on a file system without modes.
    }
  }
}
