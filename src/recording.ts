/**
 * A recording of one run: every measurement and every event, and no pixel, no token and no label of a camera. It goes
 * with a bug report, and `replay` brings back from it what the person saw.
 */
import type { CapturePlan, FrameReport } from './protocol/worker-api.js';
import type { SessionEvent } from './session/state.js';
import { VERSION } from './version.js';

/** Raised with whatever makes an older recording another session: a measurement renamed, an event left out. */
export const RECORDING_FORMAT = 2;

export interface Recording {
  format: typeof RECORDING_FORMAT;
  /** Version of the element. */
  version: string;
  /** Null where the run ended before guidance began. */
  plan: CapturePlan | null;
  entries: RecordedEntry[];
}

export type RecordedEntry =
  /** `latency`: milliseconds from the `now` of the browser's callback for the frame to its guidance in the window. */
  | ({ type: 'frame'; latency: number } & Pick<FrameReport, 'analysis' | 'timing'>)
  /** `time` in milliseconds on the clock of the analyses. */
  | { type: 'event'; time: number; event: RecordedEvent };

/** Reports are left out: they follow from the frames. */
export type RecordedEvent = Exclude<SessionEvent, { type: 'report' }>;

/** Entries after which nothing more is recorded: ten minutes at 30 frames a second. */
const MOST_ENTRIES = 18_000;

export class Recorder {
  readonly recording: Recording = { format: RECORDING_FORMAT, version: VERSION, plan: null, entries: [] };

  begin(plan: CapturePlan): void {
    this.recording.plan = plan;
  }

  /** @param time now, in milliseconds on the clock of the analyses */
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
