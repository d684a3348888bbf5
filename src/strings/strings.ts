/** Every word the element shows or says. A locale is one object of this shape. */
import type { FailureSentence } from '../protocol/errors.js';
import type { GuidanceCode } from '../protocol/guidance.js';

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
  idle: { title: string; text: string };
  preparing: { title: string; text: string };
  /** The page is in the background. */
  paused: { title: string; text: string };
  /** There is no connection to send over. */
  offline: { title: string; text: string };
  submitting: { title: string; text: string };
  succeeded: { title: string; text: string };
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
  failed: Record<FailureSentence, { title: string; text: string }>;
}

/** Parts of the strings, to any depth. */
export type StringOverrides = Parts<LivenessStrings>;

type Parts<Words> = Words extends string ? Words : { [Key in keyof Words]?: Parts<Words[Key]> };
