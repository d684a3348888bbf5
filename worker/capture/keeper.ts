/**
 * Keeps the frames to send. They are encoded as they arrive, so that the upload can start when the capture ends; of
 * each group only the best are kept, spread over time.
 */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { Picture } from '../../src/protocol/worker-api.js';
import type { Keep } from '../guide/coach.js';
import { encodeJpeg } from './jpeg.js';
import { chooseSpread, qualityOf } from './quality.js';

export interface KeptFrame extends Keep {
  analysis: FrameAnalysis;
  quality: number;
  jpeg: Promise<Uint8Array<ArrayBuffer>>;
}

/** Candidates kept for each wanted frame: enough to choose from, few enough for memory. */
const CANDIDATES = 2;

export class FrameKeeper {
  #kept: KeptFrame[] = [];

  /** Encodes and keeps the picture, unless enough better ones of its group are kept already. */
  keep(picture: Picture, analysis: FrameAnalysis, keep: Keep): void {
    const quality = qualityOf(analysis);
    const group = this.#kept.filter((frame) => frame.group === keep.group);
    if (group.length >= keep.wanted * CANDIDATES) {
      const best = chooseSpread([...group, { analysis, quality }], group.length);
      const dropped = group.find((frame) => !best.includes(frame));
      if (!dropped) return;
      this.#kept = this.#kept.filter((frame) => frame !== dropped);
    }
    const jpeg = encodeJpeg(picture);
    jpeg.catch(() => undefined); // reported when the frame is used
    this.#kept.push({ ...keep, analysis, quality, jpeg });
  }

  /** Drops a group that no longer counts. */
  forget(group: string): void {
    this.#kept = this.#kept.filter((frame) => frame.group !== group);
  }

  /** The frames to send, at most `most`, in order of time. The largest groups give up frames first. */
  choose(most: number): KeptFrame[] {
    const names = [...new Set(this.#kept.map((frame) => frame.group))];
    const groups = names.map((name) => {
      const group = this.#kept.filter((frame) => frame.group === name);
      return { group, wanted: Math.min(group.length, group[0]?.wanted ?? 0) };
    });
    for (let over = groups.reduce((sum, { wanted }) => sum + wanted, 0) - most; over > 0; over--) {
      groups.reduce((largest, next) => (next.wanted > largest.wanted ? next : largest)).wanted--;
    }
    return groups
      .flatMap(({ group, wanted }) => chooseSpread(group, wanted))
      .sort((a, b) => a.analysis.time - b.analysis.time);
  }
}
