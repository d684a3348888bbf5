import { overlay } from './protocol/overlay.js';

/**
 * How long each step may take, in milliseconds, at most a day. An integrator sets any through the element's `deadlines`
 * property.
 */
export interface Deadlines {
  /** From asking for the camera to an answer, while the page is visible: a person reads and decides here. */
  permission: number;
  /** From the stream to its first picture, and from each picture to the next, while the page is visible. */
  camera: number;
  /**
   * Fetching and starting the detector, all tries together: 4.7 MB take that long at 130 kbit/s. A download that brings
   * nothing for 20 seconds is tried again, and so is a worker that does not start within 30, or a tenth of this time if that is longer.
   */
  assets: number;
  /** `session/start`, with every retry; and before the camera is asked for as long again for reading `verifyImage`. */
  sessionStart: number;
  /** One picture in the worker. */
  frame: number;
  /** Coming into position, until captured: from when camera, face model and session are there, and anew with another camera. */
  framing: number;
  /** The question whether head turns are agreeable. */
  prompting: number;
  /** All head turns together. */
  activeMotion: number;
  /** Sending the frames, and the answer, with every retry. */
  submit: number;
  /**
   * A lost connection, until it is back. Where the device itself says that it is offline, this time counts for no other
   * deadline, but for the attempt's at the service.
   */
  offline: number;
  /**
   * The page in the background, or the element not shown, while the person, or the camera's first picture, is waited for:
   * this time counts for no other deadline. Loading, asking the service and sending continue, and their own deadlines
   * keep running; so does the attempt's time at the service. What waits to ask for the camera until somebody looks has no
   * deadline.
   */
  hidden: number;
}

export const DEFAULT_DEADLINES: Deadlines = {
  permission: 120_000,
  camera: 10_000,
  assets: 300_000,
  sessionStart: 15_000,
  frame: 10_000,
  framing: 90_000,
  prompting: 60_000,
  activeMotion: 90_000,
  submit: 60_000,
  offline: 120_000,
  hidden: 60_000,
};

/** A day. Timers take what is longer than some weeks for no time at all. */
export const LONGEST_MS = 86_400_000;

export function resolveDeadlines(overrides: Partial<Deadlines>): Deadlines {
  const deadlines = overlay(DEFAULT_DEADLINES, overrides);
  for (const name of Object.keys(deadlines) as (keyof Deadlines)[]) {
    deadlines[name] = Math.min(deadlines[name], LONGEST_MS);
  }
  return deadlines;
}
