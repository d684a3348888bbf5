/** Chooses the frames worth sending. Pure. */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';

interface Candidate {
  analysis: FrameAnalysis;
  quality: number;
}

/** Higher is better: sharp, still, eyes open. Comparable only between frames of the same step. */
export function qualityOf({ measurements }: FrameAnalysis): number {
  if (!measurements) return 0;
  const open = Math.min(1, measurements.eyeOpenness / 0.25);
  return (Math.log1p(measurements.sharpness) * open) / (1 + measurements.motion);
}

/** Chooses `count` of `frames`: the best of each of `count` equal stretches of time, then the best of the rest. */
export function chooseSpread<Frame extends Candidate>(frames: readonly Frame[], count: number): Frame[] {
  if (frames.length <= count) return [...frames];
  if (count < 1) return [];
  const times = frames.map((frame) => frame.analysis.time);
  const start = Math.min(...times);
  const stretch = (Math.max(...times) - start) / count || 1;
  const byQuality = [...frames].sort((a, b) => b.quality - a.quality);
  const taken = new Map<number, Frame>();
  for (const frame of byQuality) {
    const slot = Math.min(count - 1, Math.floor((frame.analysis.time - start) / stretch));
    if (!taken.has(slot)) taken.set(slot, frame);
  }
  const chosen = new Set(taken.values());
  for (const frame of byQuality) {
    if (chosen.size >= count) break;
    chosen.add(frame);
  }
  return [...chosen];
}
