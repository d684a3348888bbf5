/** Fetches the detector's files where `preload` is set: when they are others than the last, and none that a run fetches. */
import { prefetch } from './prefetch.js';
import { isRunning } from './session/reduce.js';
import type { SessionState } from './session/state.js';

export class Preloader {
  /** Where what has been fetched, or is being fetched, comes from; null before anything is. */
  #folder: string | null = null;

  fetch(assets: string | null, workerUrl: string): void {
    const folder = folderOf(assets);
    if (folder === this.#folder) return;
    this.#folder = folder;
    prefetch({ assets: folder, workerUrl }).catch(() => undefined); // told by `start()`
  }

  /** @param assets of the run */
  follow(before: SessionState, next: SessionState, assets: string | null): void {
    if (before.name !== 'preparing' && next.name === 'preparing') this.#folder = folderOf(assets);
    // A page that is going away begins nothing; its next session does.
    const isLeaving = next.name === 'failed' && next.failure.code === 'PageSuspended';
    if (before.name === 'preparing' && !isRunning(next) && !isLeaving) this.#folder = null;
  }
}

/** A framework binds to nothing with null. */
function folderOf(assets: string | null): string {
  return assets ?? '';
}
