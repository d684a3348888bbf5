/**
 * A recording of one run: every measurement and every event, but no pixels, no token and no camera label. It is meant
 * for bug reports: `replay` reconstructs from it what the person saw.
 */
import type { CapturePlan, FrameReport } from './protocol/worker-api.js';
import type { SessionEvent } from './session/state.js';
import { VERSION } from './version.js';

/**
 * Incremented by any change that would make an older recording replay differently: a measurement renamed, an event left
 * out.
 */
export const RECORDING_FORMAT = 3;

export interface Recording {
  format: typeof RECORDING_FORMAT;
  /** Version of the element. */
  version: string;
  /** Null if the run ended before guidance began. */
  plan: CapturePlan | null;
  entries: RecordedEntry[];
}

export type RecordedEntry =
  /**
   * `latency`: milliseconds from the `now` of the browser's frame callback to the arrival of the frame's guidance in
   * the window.
   */
  | ({ type: 'frame'; latency: number } & Pick<FrameReport, 'analysis' | 'timing'>)
  /** `time`: milliseconds on the clock of `FrameAnalysis.time`. */
  | { type: 'event'; time: number; event: RecordedEvent };

/** Reports are left out, because replay derives them from the frames. */
export type RecordedEvent = Exclude<SessionEvent, { type: 'report' }>;

/** Maximum number of entries: ten minutes at 30 frames a second. */
const MOST_ENTRIES = 18_000;

export class Recorder {
  readonly recording: Recording = { format: RECORDING_FORMAT, version: VERSION, plan: null, entries: [] };

  begin(plan: CapturePlan): void {
    this.recording.plan = plan;
  }

  /** @param time now, in milliseconds on the clock of `FrameAnalysis.time` */
  frame({ analysis, timing }: FrameReport, time: number): void {
    this.#add({ type: 'frame', analysis, timing, latency: time - analysis.time });
  }

  event(time: number, event: SessionEvent): void {
    if (event.type !== 'report') this.#add({ type: 'event', time, event });
  }

  #add(entry: RecordedEntry): void {
    if (this.recording.entries.length < MOST_ENTRIES) this.recording.entries.push(entry);
  }
}
