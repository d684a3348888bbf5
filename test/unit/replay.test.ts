/** Replaying a recording gives the same guidance again, frame by frame; and JSON can hold all that a recording has. */
import type { FrameReport } from '../../src/protocol/worker-api.js';
import { describe, expect, it } from 'vitest';
import { Recorder, type Recording } from '../../src/recording.js';
import { replay } from '../../src/replay.js';
import { IDLE, isRunning, reduce } from '../../src/session/reduce.js';
import type { SessionEvent, SessionState } from '../../src/session/state.js';
import { agreeToTurns, startCoach, stepCoach } from '../../worker/guide/coach.js';
import { attemptOf, frameOf, planOf, type FrameChanges, type PlanChanges, TIMING } from './samples.js';

/** A session that was recorded, and what it showed after each frame. */
interface Lived {
  /** As the page has it, before JSON. */
  recording: Recording;
  shown: string[];
  end: SessionState;
}

/** Runs a session as element and worker do, and records it. */
function live(
  scenes: readonly (FrameChanges | 'agree' | 'agree meanwhile' | 'cancel')[],
  changes: PlanChanges = {},
): Lived {
  const plan = planOf(changes);
  const recorder = new Recorder();
  let state: SessionState = IDLE;
  let coach = startCoach();
  let time = 0;
  const shown: string[] = [];
  const apply = (event: SessionEvent) => {
    recorder.event(time, event);
    const step = reduce(state, event);
    state = step.state;
    if (step.effects.some(({ type }) => type === 'turn')) coach = agreeToTurns(coach);
  };
  apply({ run: 1, type: 'start' });
  apply({ run: 1, type: 'detectorReady' });
  apply({ run: 1, type: 'cameraReady' });
  apply({ run: 1, type: 'attemptStarted', attempt: attemptOf(changes) });
  recorder.begin(plan);
  const look = (scene: FrameChanges): FrameReport => {
    const analysis = frameOf({ ...scene, time });
    const [next, { keep, forget, ...rest }] = stepCoach(coach, analysis, plan);
    coach = next;
    return { ...rest, analysis, timing: TIMING };
  };
  const hear = (report: FrameReport) => {
    recorder.frame(report, time);
    if (isRunning(state)) apply({ run: 1, type: 'report', report });
    shown.push(words(state));
  };
  for (const scene of scenes) {
    if (scene === 'cancel') apply({ run: 1, type: 'canceled' });
    else if (typeof scene === 'string') {
      const report = scene === 'agree meanwhile' ? look({}) : null;
      time += 5;
      apply({ run: 1, type: 'promptAnswered', agreed: true });
      time += 10;
      if (report) hear(report);
    } else {
      for (let count = 0; count < 30; count++) {
        const report = look(scene);
        time += 15;
        hear(report);
        time += 18;
      }
    }
  }
  return { recording: recorder.recording, shown, end: state };
}

function words(state: SessionState): string {
  const guidance = 'guidance' in state ? state.guidance : null;
  return `${state.name} ${guidance?.code ?? ''} ${guidance?.escalation ?? ''}`;
}

/** The recording as it is read from a bug report. */
const sent = (recording: Recording) => JSON.parse(JSON.stringify(recording)) as Recording;

const TURNS = { mode: 'PassiveActive', required: true, directions: ['lookLeft'] };

describe('replay', () => {
  it.each([
    ['a passive capture', [{ faceCount: 0 }, { size: 0.3 }, { yaw: 30 }, {}, {}], {}],
    ['a canceled capture', [{ faceCount: 0 }, 'cancel', {}], {}],
    ['head turns', [{}, {}, 'agree', {}, { yaw: 18 }, {}, {}], TURNS],
    [
      'a picture that was in the worker when the person agreed',
      [{}, {}, 'agree meanwhile', {}, { yaw: 18 }, {}],
      TURNS,
    ],
  ] as const)('gives the same states, frame by frame, for %s', (_, scenes, changes) => {
    const { recording, shown, end } = live(scenes as never, changes as PlanChanges);
    const steps = [...replay(sent(recording))];
    expect(steps.filter(({ report }) => report).map(({ state }) => words(state))).toEqual(shown);
    expect(steps.at(-1)?.state).toEqual(end);
    expect(steps).toHaveLength(recording.entries.length);
  });

  it('gives the same states again from the same recording', () => {
    const { recording } = live([{}, {}]);
    expect([...replay(recording)]).toEqual([...replay(recording)]);
  });

  it('refuses a recording of another format', () => {
    const older = { ...live([{}]).recording, format: 1 };
    expect(() => replay(older as never).next()).toThrow(/format 1/);
  });

  it('refuses frames without a plan', () => {
    const { recording } = live([{}]);
    expect(() => [...replay({ ...recording, plan: null })]).toThrow(TypeError);
  });
});

describe('recording', () => {
  it('has at most 18,000 entries', () => {
    const recorder = new Recorder();
    for (let time = 0; time < 20_000; time++)
      recorder.frame({ analysis: frameOf({ time }), timing: TIMING } as FrameReport, time);
    expect(recorder.recording.entries.length).toBeLessThanOrEqual(18_000);
  });

  it('stays the same through JSON', () => {
    const { recording } = live([{}, { faceCount: 0 }, 'agree', {}, 'cancel'], TURNS as PlanChanges);
    expect(sent(recording)).toStrictEqual(recording);
  });

  it('holds of a frame what is measured in it, what it cost and how late its guidance came, and nothing else', () => {
    const recorder = new Recorder();
    const [analysis, pixels] = [frameOf({ time: 100 }), new Uint8Array(4)];
    recorder.frame({ phase: 'framing', guidance: null, analysis, timing: TIMING, pixels } as never, 130);
    expect(recorder.recording.entries).toEqual([{ type: 'frame', analysis, timing: TIMING, latency: 30 }]);
  });
});
