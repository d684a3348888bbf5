import { overlay } from './protocol/overlay.js';

/**
 * How long each step may take, in milliseconds, at most a day. An integrator overrides any of them through the
 * element's `deadlines` property.
 */
export interface Deadlines {
  /**
   * From requesting the camera until the person answers the browser's prompt; counts only while the element is visible.
   */
  permission: number;
  /**
   * From opening the camera to its first picture, and from each picture to the next; counts only while the element is
   * visible.
   */
  camera: number;
  /**
   * Fetching and starting the detector, all tries together; the default allows for 4.7 MB at 130 kbit/s. A download
   * that receives nothing for 20 seconds is tried again, and so is a worker that does not start within 30 seconds, or
   * within a tenth of this time if that is longer.
   */
  assets: number;
  /**
   * `session/start` with all its retries; reading `verifyImage` before the camera is requested may take as long again.
   */
  sessionStart: number;
  /** Processing one picture in the worker. */
  frame: number;
  /**
   * Coming into position and holding still, until the pictures of the hold are taken. Starts when camera, face model and
   * session are ready, and starts over with another camera.
   */
  framing: number;
  /** The person's answer to the question whether they agree to head turns. */
  prompting: number;
  /** All head turns together. */
  activeMotion: number;
  /** Sending the frames and waiting for the answer, with all retries. */
  submit: number;
  /**
   * Waiting for a lost connection to come back. While the device itself reports that it is offline, no other deadline
   * runs, except for the time limit of the attempt at the service.
   */
  offline: number;
  /**
   * How long the page may be in the background, or the element not shown, while the session waits for the person or for
   * the first picture of the camera; the deadlines of that wait are paused meanwhile. Loading, service calls and
   * sending continue, and so do their deadlines and the time limit of the attempt at the service. A session that waits
   * to be visible before it requests the camera has no deadline.
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

/** A day, because browsers fire a timer of more than 24.8 days (2³¹ ms) immediately. */
export const LONGEST_MS = 86_400_000;

export function resolveDeadlines(overrides: Partial<Deadlines>): Deadlines {
  const deadlines = overlay(DEFAULT_DEADLINES, overrides);
  for (const name of Object.keys(deadlines) as (keyof Deadlines)[]) {
    deadlines[name] = Math.min(deadlines[name], LONGEST_MS);
  }
  return deadlines;
}
