/** The judge of a service that has none configured: decides nothing, and gives that as the reason. */
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
