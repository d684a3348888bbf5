/** Without a configured judge nothing is decided, and the response says so. */
import type { Judge } from './judge.js';

export const noJudge: Judge = {
  async judge({ manifest, frames }) {
    const middle = Math.floor(frames.length / 2);
    const frame = manifest.frames[middle];
    if (!frame) throw new Error('A submission has at least one frame');
    return {
      livenessDecision: 'uncertain',
      reason: 'NoJudgeConfigured',
      target: { fileName: frame.fileName, faceRectangle: frame.faceRectangle },
    };
  },
};
