/** Every word the element shows or says. A locale is one object of this shape. */
import type { FailureSentence } from '../protocol/errors.js';
import type { GuidanceCode } from '../protocol/guidance.js';
import type { Parts } from '../protocol/overlay.js';

/** An instruction and its explanation. */
export interface Words {
  title: string;
  text: string;
}

export interface LivenessStrings {
  /** Accessible name of the element. */
  region: string;
  /** Accessible name of the camera's picture. */
  preview: string;
  start: string;
  cancel: string;
  tryAgain: string;
  agree: string;
  decline: string;
  /** Switches spoken guidance on and off. */
  speak: string;
  /** Accessible name of the camera selector. */
  camera: string;
  /** Shown when a correction has not helped for a long time. */
  help: string;
  idle: Words;
  preparing: Words;
  /** Shown while the page is in the background. */
  paused: Words;
  /** Shown while there is no connection. */
  offline: Words;
  submitting: Words;
  succeeded: Words;
  prompt: {
    title: string;
    tooDark: string;
    tooBright: string;
    required: string;
    /** Added after the reason if a smile is asked for too. */
    smile: string;
  };
  guidance: Record<GuidanceCode, string>;
  /**
   * Replaces the first wording if that has not helped for some seconds. The guidance left out here has only one
   * wording.
   */
  escalated: Record<Exclude<GuidanceCode, 'holding' | 'relaxMouth' | 'wrongWay' | 'rotateBack'>, string>;
  failed: Record<FailureSentence, Words>;
}

/** Any subset of the strings, at any depth. */
export type StringOverrides = Parts<LivenessStrings>;
