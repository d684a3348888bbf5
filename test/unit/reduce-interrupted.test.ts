import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/session/reduce.js';
import type { SessionEvent } from '../../src/session/state.js';
import { RUN, ATTEMPT, STATES, EVENTS, nameOf, types, run, PREPARED } from './states.js';

describe('another camera', () => {
  const cameraLost = { run: RUN, type: 'cameraLost' } as const;
  const cameraChosen = { run: RUN, type: 'cameraChosen' } as const;
  const cameraReady = { run: RUN, type: 'cameraReady' } as const;

  it.each(['framing', 'capturing'] as const)('restarts %s with guidance from the beginning', (name) => {
    const lost = reduce(STATES[name], cameraLost);
    expect(lost.state).toMatchObject({ name: 'framing', guidance: { code: 'cameraStalled' }, progress: 0 });
    expect(lost.effects).toEqual([{ type: 'reopenCamera' }]);
    expect(reduce(STATES[name], cameraChosen).state).toMatchObject({ name: 'framing', guidance: null, progress: 0 });
    expect(reduce(lost.state, cameraReady).effects).toEqual([
      { type: 'guide', attempt: ATTEMPT },
      { type: 'deadline', of: 'framing' },
    ]);
  });

  it('is opened while preparing only if there was one before', () => {
    const [start, , camera] = PREPARED as [SessionEvent, SessionEvent, SessionEvent];
    expect(run([start, cameraLost, cameraChosen]).effects).toEqual([{ type: 'prepare' }]);
    expect(run([start, camera, cameraLost]).effects).toEqual([{ type: 'prepare' }, { type: 'reopenCamera' }]);
    expect(run([start, camera, cameraLost]).state).toMatchObject({ preparation: { camera: false } });
  });

  it.each(['prompting', 'activeMotion'] as const)(
    'is not opened in %s, which fails with CameraDisconnected if its camera is lost',
    (name) => {
      expect(reduce(STATES[name], cameraLost).state).toMatchObject({ failure: { code: 'CameraDisconnected' } });
      expect(reduce(STATES[name], cameraChosen)).toEqual({ state: STATES[name], effects: [] });
    },
  );

  it('is used for guidance once the page is back if it comes while the page is hidden', () => {
    const events = [cameraChosen, { run: RUN, type: 'page', isHidden: true }, cameraReady] as const;
    const { state, effects } = run([...PREPARED, ...events, { run: RUN, type: 'page', isHidden: false }]);
    expect(state).toMatchObject({ name: 'framing', waiting: null });
    expect(types(effects).slice(4)).toEqual(['reopenCamera', 'pause', 'guide', 'deadline', 'resume']);
  });

  it('is opened if it is picked while the page is hidden', () => {
    const { effects } = reduce({ ...STATES.capturing, waiting: 'page' }, cameraChosen);
    expect(effects).toEqual([{ type: 'reopenCamera' }]);
  });

  it('is not opened if the first is lost while submitting', () => {
    expect(reduce(STATES.submitting, cameraLost)).toEqual({ state: STATES.submitting, effects: [] });
  });
});

describe('a camera that sends no pictures', () => {
  const stalled = { run: RUN, type: 'cameraStalled' } as const;

  it.each(['framing', 'capturing'] as const)(
    '%s: goes to framing with no progress, and gives escalated cameraStalled at once',
    (name) => {
      const given = { ...STATES[name], progress: 0.6 };
      expect(reduce(given, stalled)).toEqual({
        state: { ...given, name: 'framing', guidance: { code: 'cameraStalled', escalation: 1 }, progress: 0 },
        effects: [],
      });
    },
  );

  it('activeMotion: gives cameraStalled without escalation, and keeps its progress', () => {
    const guidance = { code: 'cameraStalled', escalation: 0 };
    expect(reduce(STATES.activeMotion, stalled).state).toEqual({ ...STATES.activeMotion, guidance });
  });
});

describe('waiting for page or connection', () => {
  const page = (isHidden: boolean) => ({ run: RUN, type: 'page', isHidden }) as const;
  const connection = (isLost: boolean) => ({ run: RUN, type: 'connection', isLost }) as const;

  it.each(['framing', 'capturing', 'prompting', 'activeMotion'] as const)(
    '%s pauses while the page is hidden, and resumes',
    (name) => {
      const hidden = reduce(STATES[name], page(true));
      expect(hidden).toEqual({ state: { ...STATES[name], waiting: 'page' }, effects: [{ type: 'pause' }] });
      expect(reduce(hidden.state, page(true)).effects, 'once').toEqual([]);
      for (const event of EVENTS.filter(({ type }) => ['report', 'promptAnswered', 'cameraLost'].includes(type))) {
        expect(reduce(hidden.state, event), nameOf(event)).toEqual({ state: hidden.state, effects: [] });
      }
      expect(reduce(hidden.state, page(false))).toEqual({ state: STATES[name], effects: [{ type: 'resume' }] });
    },
  );

  it('fails with PageHidden if the page is hidden too long', () => {
    const { state } = reduce(STATES.capturing, page(true));
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({ failure: { code: 'PageHidden' } });
  });

  it.each(['preparing', 'submitting'] as const)(
    '%s goes on in the background, and waits for the connection',
    (name) => {
      expect(reduce(STATES[name], page(true))).toEqual({ state: STATES[name], effects: [] });
      const lost = reduce(STATES[name], connection(true)).state;
      expect(lost).toMatchObject({ name, waiting: 'connection' });
      expect(reduce(lost, connection(false)).state).toMatchObject({ name, waiting: null });
    },
  );

  it('a canceled state has mayHaveSent only after submitting', () => {
    expect(reduce(STATES.submitting, { run: RUN, type: 'canceled' }).state).toMatchObject({ mayHaveSent: true });
    expect(reduce(STATES.framing, { run: RUN, type: 'canceled' }).state).toMatchObject({ mayHaveSent: false });
  });
});
