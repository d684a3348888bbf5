/** Prefetches the detector's files if `preload` is set: once per folder, and not those that a run fetches anyway. */
import { prefetch } from './prefetch.js';
import { isRunning } from './session/reduce.js';
import type { SessionState } from './session/state.js';

export class Preloader {
  /** Folder whose files were fetched, or are being fetched; null before the first fetch. */
  #folder: string | null = null;

  fetch(assets: string | null, workerUrl: string): void {
    const folder = folderOf(assets);
    if (folder === this.#folder) return;
    this.#folder = folder;
    prefetch({ assets: folder, workerUrl }).catch(() => undefined); // `start()` reports it
  }

  /** @param assets folder that the run uses */
  follow(before: SessionState, next: SessionState, assets: string | null): void {
    if (before.name !== 'preparing' && next.name === 'preparing') this.#folder = folderOf(assets);
    // If the page is being left, do not fetch again: its next session does.
    const isLeaving = next.name === 'failed' && next.failure.code === 'PageSuspended';
    if (before.name === 'preparing' && !isRunning(next) && !isLeaving) this.#folder = null;
  }
}

/** Treats null as empty: frameworks bind it when there is no value. */
function folderOf(assets: string | null): string {
  return assets ?? '';
}
