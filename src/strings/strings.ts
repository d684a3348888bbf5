/** Every word the element shows or says. A locale is one object of this shape. */
import type { FailureSentence } from '../protocol/errors.js';
import type { GuidanceCode } from '../protocol/guidance.js';
import type { Parts } from '../protocol/overlay.js';

/** One line to follow, one to explain. */
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
  /** Accessible name of the choice between cameras. */
  camera: string;
  /** Offered when a correction has not helped for long. */
  help: string;
  idle: Words;
  preparing: Words;
  /** The page is in the background. */
  paused: Words;
  /** There is no connection to send over. */
  offline: Words;
  submitting: Words;
  succeeded: Words;
  prompt: {
    title: string;
    tooDark: string;
    tooBright: string;
    required: string;
    /** Said after the reason where a smile is asked for too. */
    smile: string;
  };
  guidance: Record<GuidanceCode, string>;
  /** Said instead when the first wording has not helped for some seconds. */
  escalated: Partial<Record<GuidanceCode, string>>;
  failed: Record<FailureSentence, Words>;
}

/** Parts of the strings, to any depth. */
export type StringOverrides = Parts<LivenessStrings>;
