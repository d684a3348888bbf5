/** Interruptions that do not end a session. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_MS } from '../../src/deadlines.js';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import type { FrameReport } from '../../src/protocol/worker-api.js';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { disconnect } from './devices.js';
import { allowLeaps, Harness, hint, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  await harness.dispose();
  vi.useRealTimers();
  disconnect();
});

it('guidance begins again with another camera when the first goes away', async () => {
  mount();
  await harness.framing();
  harness.tracks[0]?.dispatchEvent(new Event('ended'));
  await until(() => harness.tracks.length === 2, 'another camera');
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
  await until(() => harness.calls('begin').length === 2, 'guidance begins anew');
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 3, 'its pictures');
  expect(harness.states).toEqual(['preparing', 'framing']);
});

it('pictures keep coming if the preview is paused as framing begins', async () => {
  mount();
  harness.element.addEventListener('liveness-state', () => harness.state === 'framing' && harness.video.pause());
  await harness.framing();
  await until(() => harness.calls('analyse').length > 5, 'pictures');
});

describe('a camera that sends no more pictures', () => {
  const canvas = document.createElement('canvas');
  /** Camera deadline: many times longer than the leap after which a stall is reported. */
  const CAMERA_MS = 100_000;
  let camera: MediaStream;

  beforeEach(() => {
    allowLeaps();
    camera = canvas.captureStream(0);
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(camera);
  });

  /** Starts a session in which a leap makes no deadline run out except that of the camera. */
  function film(report: Partial<FrameReport>): Promise<unknown> {
    const attempt = { ...attemptOf(), limits: { ...attemptOf().limits, seconds: LONGEST_MS / 1_000 } };
    const deadlines = { camera: CAMERA_MS, frame: LONGEST_MS, framing: LONGEST_MS, activeMotion: LONGEST_MS };
    mount({ script: { report }, attempt, properties: { deadlines } });
    return harness.start();
  }

  /** Sends pictures until `isSo()`. */
  async function sending(isSo: () => boolean): Promise<void> {
    const send = () => {
      canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
      (camera.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack).requestFrame();
    };
    await until(() => (send(), isSo()), 'what comes of a picture');
  }

  /** Sends no pictures until `isSo()`. Leaps repeatedly, because a picture may still be on its way. */
  async function silent(isSo: () => boolean, milliseconds = DEFAULT_POLICY.stallMs): Promise<void> {
    await until(() => (vi.advanceTimersByTime(milliseconds), isSo()), 'what comes of none');
  }

  /** Wakes a suspended device: overdue timers fire, and timers that they set have all their time left. */
  function wakeUp(): void {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = ((ring: () => void, ms = 0) => setTimeout(ring, CAMERA_MS + ms)) as typeof setTimeout;
    vi.advanceTimersByTime(CAMERA_MS);
    globalThis.setTimeout = setTimeout;
  }

  const shows = (title: string | undefined, state: string) => harness.state === state && harness.title === title;
  const said = (code: GuidanceCode, state: string) => shows(en.guidance[code], state);
  const helped = () => shows(en.escalated.cameraStalled, 'framing');

  it('is reported until the next picture, and fails with CameraInterrupted after the camera deadline', async () => {
    const outcome = film({ phase: 'holding', ...hint('holding') });
    for (let times = 0; times < 2; times++) {
      await sending(() => said('holding', 'capturing'));
      await silent(helped);
    }
    await silent(() => harness.state === 'failed', CAMERA_MS);
    expect(await outcome).toMatchObject({ code: 'CameraInterrupted' });
  });

  it('goes on after the device was asleep, during the capture as during a stall', async () => {
    void film({ phase: 'holding', ...hint('holding') });
    await sending(() => said('holding', 'capturing'));
    wakeUp();
    expect(harness.state, 'nothing is wrong yet').toBe('capturing');
    await silent(helped);
    wakeUp();
    expect(harness.state, 'a picture may come now').toBe('framing');
    await sending(() => said('holding', 'capturing'));
  });

  it('is reported during head turns, which go on with the next picture', async () => {
    void film({ phase: 'prompting', promptReason: 'required' });
    await sending(() => harness.state === 'prompting');
    harness.report({ phase: 'turning', ...hint('lookRight') });
    harness.button(en.agree).click();
    await sending(() => said('lookRight', 'activeMotion'));
    await silent(() => said('cameraStalled', 'activeMotion'));
    await sending(() => said('lookRight', 'activeMotion'));
  });
});

it('the session goes on when the element is moved within the document', async () => {
  mount();
  await harness.framing();
  const elsewhere = document.createElement('div');
  document.body.append(elsewhere);
  elsewhere.append(harness.element);
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 3, 'pictures after the move');
  expect(harness.states).toEqual(['preparing', 'framing']);
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['live']);
  elsewhere.remove();
});

it('a second start() fails with AlreadyRunning, and the first session goes on', async () => {
  mount();
  await harness.framing();
  expect(await harness.start()).toMatchObject({ code: 'AlreadyRunning' });
  expect(harness.states).toEqual(['preparing', 'framing']);
  harness.report({ phase: 'captured' });
  await harness.reached('succeeded');
});

it('the head-turn prompt does not come back if the worker hears of the agreement late', async () => {
  mount({ script: { report: { phase: 'prompting', promptReason: 'required' }, deafMs: 400 } });
  void harness.start();
  await harness.reached('prompting');
  harness.button(en.agree).click();
  await until(() => harness.calls('beginTurns').length > 0, 'the agreement');
  expect(harness.states).toEqual(['preparing', 'framing', 'prompting', 'activeMotion']);
});
