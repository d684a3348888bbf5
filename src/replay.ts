/**
 * Replays guidance and session flow from a recording, without camera, worker or clock: the same frames give the same
 * guidance.
 */
import { agreeToTurns, startCoach, stepCoach } from '../worker/guide/coach.js';
import type { FrameReport } from './protocol/worker-api.js';
import { RECORDING_FORMAT, type Recording } from './recording.js';
import { IDLE, isRunning, reduce } from './session/reduce.js';
import type { SessionEvent, SessionState } from './session/state.js';

export interface ReplayStep {
  /** Milliseconds on the recording's clock. */
  time: number;
  state: SessionState;
  /** The report, if the step is a frame. */
  report: FrameReport | null;
}

/**
 * @returns one step per entry of the recording
 * @throws TypeError on the first step if the recording has another format, and at its first frame if it has no plan
 */
export function* replay({ format, version, plan, entries }: Recording): Generator<ReplayStep> {
  if (format !== RECORDING_FORMAT) {
    throw new TypeError(
      `The recording has format ${format} (written by version ${version}), but replay accepts only format ${RECORDING_FORMAT}`,
    );
  }
  let coach = startCoach();
  let state: SessionState = IDLE;
  let agreedAt = Infinity;
  const apply = (event: SessionEvent, time: number): void => {
    const step = reduce(state, event);
    state = step.state;
    for (const { type } of step.effects) {
      if (type === 'guide') coach = startCoach();
      if (type === 'turn') agreedAt = time;
    }
  };
  for (const entry of entries) {
    if (entry.type === 'event') {
      apply(entry.event, entry.time);
      yield { time: entry.time, state, report: null };
      continue;
    }
    if (!plan) throw new TypeError('The recording has frames but no plan');
    const { time } = entry.analysis;
    // A frame that was in the worker when the person agreed was analysed before, although its report arrived after.
    if (time > agreedAt) coach = agreeToTurns(coach);
    const [next, { keep, forget, ...rest }] = stepCoach(coach, entry.analysis, plan);
    coach = next;
    const report: FrameReport = { ...rest, analysis: entry.analysis, timing: entry.timing };
    if (isRunning(state)) apply({ type: 'report', run: state.run, report }, time);
    yield { time, state, report };
  }
}
