/** However a session ends, the camera is off, the worker gone and the service told. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { en } from '../../src/strings/en.js';
import { tokenOf } from '../unit/token-of.js';
import { allowLeaps, Harness, TOKEN, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  await harness.dispose();
  vi.useRealTimers();
});

/** Waits until that guidance was shown. */
const guided = (code: GuidanceCode) =>
  until(() => harness.events.some((event) => 'guidance' in event && event.guidance.code === code), code);

/** Checks that a camera was open, and that camera and worker are released. */
function expectNothingHeld(): void {
  expect(harness.tracks.length, 'a camera was open at all').toBeGreaterThan(0);
  expect(harness.held()).toEqual([]);
}

const ends = () => harness.requests.filter(({ path }) => path === '/session/attempt/end').map(({ body }) => body);

it('a running session holds one camera and one worker', async () => {
  mount();
  await harness.framing();
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['live']);
  expect(harness.video.srcObject).not.toBeNull();
  expect(harness.workers.size).toBe(1);
});

describe('cancel()', () => {
  it('in framing turns the camera off at once and closes the attempt', async () => {
    mount();
    await harness.framing();
    harness.element.cancel();
    expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
    expectNothingHeld();
    expect(ends()).toEqual([{ attemptId: 1, reason: 'UserCanceledSession' }]);
  });

  it('while the camera opens releases it when it comes late', async () => {
    mount({ script: { load: 'never' } });
    void harness.start();
    await until(() => harness.cameraRequests > 0, 'the camera is asked for');
    harness.element.cancel();
    await harness.reached('canceled');
    await until(() => harness.tracks.length > 0, 'the camera that comes late');
    await until(() => harness.tracks.every(({ readyState }) => readyState === 'ended'), 'it is closed');
    expectNothingHeld();
  });

  it('while session/start is pending releases everything', async () => {
    mount({ attempt: null });
    void harness.start();
    await until(() => harness.requests.length > 0, 'the attempt is asked for');
    harness.element.cancel();
    expectNothingHeld();
  });

  it('during head turns releases everything and closes the attempt as UserCanceledActiveMotion', async () => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } } });
    const error = harness.start();
    await harness.reached('prompting');
    harness.report({ phase: 'turning', guidance: { code: 'lookLeft', escalation: 0 } });
    harness.button(en.agree).click();
    await harness.reached('activeMotion');
    harness.element.cancel();
    expect(await error).toMatchObject({ code: 'UserCanceledActiveMotion' });
    expectNothingHeld();
    expect(ends()).toMatchObject([{ attemptId: 1, reason: 'UserCanceledActiveMotion' }]);
  });

  it('while submitting does not close the attempt, since the frames may have arrived', async () => {
    mount({ script: { report: { phase: 'captured' }, submit: 'never' } });
    void harness.start();
    await harness.reached('submitting');
    harness.element.cancel();
    await harness.reached('canceled');
    expectNothingHeld();
    expect(ends()).toEqual([]);
  });

  it('does nothing if no session runs', async () => {
    mount();
    harness.element.cancel();
    expect(harness.events).toEqual([]);
    await harness.framing();
    harness.element.cancel();
    harness.element.cancel();
    expect(harness.states.filter((state) => state === 'canceled')).toHaveLength(1);
  });
});

describe('other ends', () => {
  it('turns the camera off before it sends the frames', async () => {
    mount({ script: { report: { phase: 'captured' }, submit: 'never' } });
    void harness.start();
    await harness.reached('submitting');
    expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
    expect(harness.video.srcObject).toBeNull();
    expect(harness.workers.size, 'it is sending').toBe(1);
  });

  it('releases everything on success, and does not close the attempt', async () => {
    mount({ script: { report: { phase: 'captured' } } });
    await harness.start();
    await harness.reached('succeeded');
    expectNothingHeld();
    expect(ends()).toEqual([]);
  });

  it('releases everything when the element is removed', async () => {
    mount();
    await harness.framing();
    harness.element.remove();
    await harness.reached('canceled');
    expectNothingHeld();
  });

  it('releases everything when an ancestor of the element is removed', async () => {
    mount();
    const around = document.createElement('div');
    document.body.append(around);
    around.append(harness.element);
    await harness.framing();
    around.remove();
    await harness.reached('canceled');
    expectNothingHeld();
  });

  it.each(['taken out of the page before', 'never in the page'])(
    'opens neither camera nor worker for an element %s',
    async (where) => {
      mount();
      harness.element.remove();
      await harness.element.updateComplete;
      const { workerUrl } = harness.element;
      const fresh = Object.assign(document.createElement('face-liveness'), { workerUrl });
      const element = where === 'never in the page' ? fresh : harness.element;
      await expect(element.start(TOKEN)).rejects.toMatchObject({ code: 'UserCanceledSession' });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(harness.cameraRequests).toBe(0);
      expect(harness.workers.size).toBe(0);
    },
  );

  it.each([
    ['load', 'DetectorFailed'],
    ['begin', 'Unexpected'],
    ['analyse', 'Unexpected'],
    ['submit', 'DigestMismatch'],
  ] as const)('releases everything when %s fails with %s', async (call, code) => {
    mount({ script: { [call]: { ok: false, failure: { code, message: 'why' } }, report: { phase: 'captured' } } });
    const error = harness.start();
    await until(() => harness.tracks.length > 0, 'a camera');
    expect(await error).toMatchObject({ code });
    await until(() => harness.tracks.every(({ readyState }) => readyState === 'ended'), 'the camera is off');
    expectNothingHeld();
  });

  it.each(['begin', 'analyse', 'submit'] as const)(
    'releases everything when the worker crashes in %s',
    async (call) => {
      mount({ script: { [call]: 'crash', report: { phase: 'captured' } } });
      expect(await harness.start()).toMatchObject({ code: 'WorkerCrashed' });
      expectNothingHeld();
    },
  );

  it('closes every VideoFrame when the worker crashes between two pictures', async () => {
    const { VideoFrame: RealFrame } = globalThis;
    const taken: VideoFrame[] = [];
    let crashes = false;
    globalThis.VideoFrame = class extends RealFrame {
      constructor(video: HTMLVideoElement) {
        super(video);
        taken.push(this as VideoFrame);
        if (crashes)
          for (const worker of harness.workers) worker.dispatchEvent(new ErrorEvent('error', { message: 'between' }));
      }
    } as typeof VideoFrame;
    try {
      mount();
      const error = harness.start();
      await harness.reached('framing');
      crashes = true;
      expect(await error).toMatchObject({ code: 'WorkerCrashed' });
      // A closed VideoFrame has no format.
      expect(taken.map(({ format }) => format)).toEqual(taken.map(() => null));
    } finally {
      globalThis.VideoFrame = RealFrame;
    }
  });

  it.each(['load', 'begin', 'analyse', 'submit'] as const)(
    'releases everything when the worker does not answer %s in time',
    async (call) => {
      allowLeaps();
      const deadlines = { assets: 4_000, submit: 4_000, frame: 4_000 };
      mount({ script: { [call]: 'never', report: { phase: 'captured' } }, properties: { deadlines } });
      const error = harness.start();
      await until(() => harness.calls(call).length > 0 && harness.tracks.length > 0, 'the call, and a camera');
      vi.advanceTimersByTime(8_000);
      expect(await error).toMatchObject({ code: 'WorkerTimedOut' });
      await until(() => harness.tracks.every(({ readyState }) => readyState === 'ended'), 'the camera is off');
      expectNothingHeld();
    },
  );

  it('releases everything and closes the attempt when no face is found in time', async () => {
    const guidance = { code: 'noFace', escalation: 0 } as const;
    allowLeaps();
    const properties = { deadlines: { framing: 5_000 }, policy: { stallMs: 10_000 } };
    mount({ script: { report: { guidance } }, properties });
    const error = harness.start();
    await guided('noFace');
    vi.advanceTimersByTime(5_000);
    expect(await error).toMatchObject({ code: 'NoFaceDetected' });
    expectNothingHeld();
    expect(ends()).toMatchObject([{ reason: 'NoFaceDetected' }]);
  });

  it.each([
    ['the head-turn prompt', { prompting: 5_000 }, 'lookLeft', false, 'ActiveMotionPromptTimedOut'],
    ['a head turn', { activeMotion: 5_000 }, 'lookLeft', true, 'HeadTurnNotPerformed'],
    ['a smile', { activeMotion: 5_000 }, 'smile', true, 'SmileNotPerformed'],
  ] as const)('releases everything when %s takes too long', async (_, deadlines, direction, agree, code) => {
    allowLeaps();
    const properties = { deadlines, policy: { stallMs: 10_000 } };
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } }, properties });
    const error = harness.start();
    await harness.reached('prompting');
    const turn = { direction, share: 0, index: 0, count: 1 };
    harness.report({ phase: 'turning', turn, guidance: { code: direction, escalation: 0 } });
    if (agree) {
      harness.button(en.agree).click();
      await guided(direction);
    }
    vi.advanceTimersByTime(5_000);
    expect(await error).toMatchObject({ code });
    expectNothingHeld();
  });

  it('releases everything when the person declines the head turns', async () => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'tooDark' } } });
    const error = harness.start();
    await harness.reached('prompting');
    harness.button(en.decline).click();
    expect(await error).toMatchObject({ code: 'UserCanceledActiveMotionPrompt' });
    expectNothingHeld();
  });

  it.each(['prompting', 'activeMotion'])('releases everything when the camera goes away in %s', async (state) => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } } });
    const error = harness.start();
    await harness.reached('prompting');
    if (state === 'activeMotion') harness.button(en.agree).click();
    await harness.reached(state);
    // Chromium fires this event when a camera is unplugged.
    harness.tracks[0]?.dispatchEvent(new Event('ended'));
    expect(await error).toMatchObject({ code: 'CameraDisconnected' });
    expectNothingHeld();
  });

  it('releases everything when the service refuses the session', async () => {
    mount({ attempt: 401 });
    expect(await harness.start()).toMatchObject({ code: 'InvalidToken', status: 401 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(harness.held()).toEqual([]);
  });

  it('releases everything when the worker file does not exist', async () => {
    mount({ properties: { workerUrl: '/no/such/worker.js' } });
    expect(await harness.start()).toMatchObject({ code: 'WorkerNotLoaded' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(harness.held()).toEqual([]);
  });
});

describe('one at a time', () => {
  it('runs another session in the same element, with a client request id of its own', async () => {
    mount({ script: { report: { phase: 'captured' } } });
    const [first, second] = [await harness.start(), await harness.start()];
    expect(first).toMatchObject({ digest: 'A'.repeat(64) });
    expect(second).toMatchObject({ digest: 'A'.repeat(64) });
    expect((first as { clientRequestId: string }).clientRequestId).not.toBe(
      (second as { clientRequestId: string }).clientRequestId,
    );
    // If both had one id, the service would repeat its first answer.
    const ids = harness.requests.filter(({ path }) => path === '/session/start').map(({ id }) => id);
    expect(new Set(ids).size, ids.join(' ')).toBe(2);
    expectNothingHeld();
  });

  it('refuses a second element with AlreadyRunning until the first session has ended', async () => {
    mount();
    await harness.framing();
    const other = new Harness();
    expect(await other.start()).toMatchObject({ code: 'AlreadyRunning' });
    // The person can only wait, so the text is the general one.
    expect(other.text).toBe(en.failed.technical.text);
    harness.element.cancel();
    other.button(en.tryAgain).click();
    await other.reached('framing');
    await other.dispose();
  });

  it('runs one session if an element is started in a liveness-cancel listener and again after it', async () => {
    mount();
    await harness.framing();
    const other = new Harness({ script: { report: { phase: 'captured' } } });
    let first: Promise<unknown> | undefined;
    harness.element.addEventListener('liveness-cancel', () => (first = other.start()));
    harness.element.replaceWith(other.element);
    expect(await other.start()).toMatchObject({ code: 'AlreadyRunning' });
    expect(await first).toMatchObject({ digest: 'A'.repeat(64) });
    expectNothingHeld();
    await other.dispose();
  });

  it.each(['being asked for', 'on'])('starts an element at once that replaces one whose camera is %s', async (is) => {
    mount();
    const outcome = harness.start();
    await until(() => harness.cameraRequests === 1, 'the camera');
    if (is === 'on') await harness.reached('framing');
    const other = new Harness({ script: { report: { phase: 'captured' } } });
    // In one task, as when a framework renders a list anew.
    harness.element.replaceWith(other.element);
    const next = other.start();
    expect(await next).toMatchObject({ digest: 'A'.repeat(64) });
    expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
    expectNothingHeld();
    await other.dispose();
  });

  it.each([
    ['an invalid worker address', { workerUrl: 'http://[' }, TOKEN, 'WorkerNotLoaded'],
    ['an invalid assets address', { assets: 'http://[' }, TOKEN, 'AssetsNotLoaded'],
    ['no token', {}, '', 'InvalidToken'],
    ['an expired token', {}, tokenOf({ exp: 1 }), 'TokenExpired'],
  ] as const)('fails a start with %s, and leaves the page free for the next', async (_, properties, token, code) => {
    mount();
    const { workerUrl } = harness.element;
    Object.assign(harness.element, properties);
    expect(await harness.start(token)).toMatchObject({ code });
    expect(harness.states).toEqual(['failed']);
    Object.assign(harness.element, { workerUrl, assets: '' });
    await harness.framing();
  });

  it('analyses one picture at a time, with increasing times', async () => {
    mount({ script: { slowMs: 120 } });
    await harness.framing();
    await until(() => harness.calls('analyse').length > 5, 'pictures');
    const given = harness.calls('analyse').map((call) => call.given as { time: number; inFlight: number });
    expect(new Set(given.map(({ inFlight }) => inFlight))).toEqual(new Set([1]));
    const times = given.map(({ time }) => time);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });
});
