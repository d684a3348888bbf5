/** The page is in the background while the camera opens: nobody sees a prompt, and some systems deliver no picture. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rememberedCameraKey } from '../../src/camera-choice.js';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { en } from '../../src/strings/en.js';
import { CLAIMS } from '../unit/token-of.js';
import { asked, connect, disconnect, holdPrompts } from './devices.js';
import { allowLeaps, Harness, TOKEN, until, type Options } from './harness.js';
import { hidePage, showPage } from './page-visibility.js';

let harness: Harness;
const mount = ({ properties, ...options }: Options = {}) =>
  (harness = new Harness({ ...options, properties: { record: true, ...properties } }));

beforeEach(allowLeaps);
afterEach(async () => {
  vi.restoreAllMocks();
  showPage();
  Reflect.deleteProperty(navigator, 'onLine');
  await harness.dispose();
  vi.useRealTimers();
  disconnect();
  localStorage.removeItem(rememberedCameraKey('user'));
});

/** Long enough for the element to report that the session has ended. */
const round = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Waits until the detector is ready, so that its deadline cannot run out when a test leaps ahead. */
async function loaded(): Promise<void> {
  const isReady = () =>
    harness.element.recording?.entries.some((entry) => entry.type === 'event' && entry.event.type === 'detectorReady');
  await until(() => isReady() === true, 'the detector');
}

describe('a session in a background tab', () => {
  it('asks for the camera only once the tab is shown, and has loaded the detector by then', async () => {
    hidePage();
    mount({ properties: { authToken: TOKEN, autostart: true } });
    await loaded();
    vi.advanceTimersByTime(600_000);
    await round();
    expect(harness.states).toEqual(['preparing']);
    expect(harness.cameraRequests).toBe(0);
    showPage();
    await harness.reached('framing');
    expect(harness.calls('load')).toHaveLength(1);
  });

  it('announces nothing until the tab is shown, and then what to do', async () => {
    navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);
    hidePage();
    mount();
    void harness.start();
    await loaded();
    vi.advanceTimersByTime(10_000);
    await round();
    expect(harness.spoken).toBe('');
    showPage();
    await until(() => harness.spoken !== '', 'words');
    expect(harness.spoken).toContain(en.preparing.title);
  });

  it('announces a lost connection if it had asked for the camera before the tab was hidden', async () => {
    mount({ attempt: 503 });
    const prompt = holdPrompts();
    void harness.start();
    await until(() => prompt.asked === 1, 'the prompt');
    hidePage();
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    prompt.answer();
    await until(() => harness.spoken.includes(en.offline.title), 'words');
  });

  it('goes on when the tab is shown after the browser has frozen it', async () => {
    hidePage();
    mount();
    void harness.start();
    await loaded();
    document.dispatchEvent(new Event('freeze'));
    showPage();
    await harness.reached('framing');
  });

  it('asks for no camera when the tab is shown after cancel()', async () => {
    hidePage();
    mount();
    const outcome = harness.start();
    await loaded();
    harness.element.cancel();
    expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
    showPage();
    await round();
    expect(harness.cameraRequests).toBe(0);
  });

  it('removes its visibilitychange listener on cancel()', async () => {
    const listens = vi.spyOn(document, 'addEventListener');
    hidePage();
    mount();
    void harness.start();
    await loaded();
    harness.element.cancel();
    const heard = listens.mock.calls.filter(([type]) => type === 'visibilitychange');
    const signals = heard.map(([, , options]) => (options as AddEventListenerOptions).signal?.aborted);
    expect(signals).toEqual([true]);
  });

  it('TokenExpired: asks for no camera if the token expired before the tab was shown', async () => {
    hidePage();
    mount({ script: { report: { phase: 'captured' } } });
    const outcome = harness.start();
    await loaded();
    vi.spyOn(Date, 'now').mockReturnValue(CLAIMS.exp * 1_000);
    showPage();
    expect(await outcome).toMatchObject({ code: 'TokenExpired' });
    expect(harness.cameraRequests).toBe(0);
  });
});

describe('a camera prompt that is open while the page is hidden', () => {
  const { permission, hidden } = DEFAULT_DEADLINES;

  /** Starts a session, and hides the page while the camera prompt is open. */
  async function prompted(): Promise<{ outcome: Promise<unknown>; allow(): void }> {
    mount();
    const prompt = holdPrompts();
    const outcome = harness.start();
    await until(() => prompt.asked === 1, 'the prompt');
    await loaded();
    vi.advanceTimersByTime(permission - 10_000);
    hidePage();
    return { outcome, allow: () => prompt.answer() };
  }

  it('does not count the hidden time towards the permission deadline', async () => {
    const { allow } = await prompted();
    vi.advanceTimersByTime(hidden - 10_000);
    showPage();
    await round();
    expect(harness.states).toEqual(['preparing']);
    allow();
    await harness.reached('framing');
  });

  it('CameraPermissionDenied: the permission deadline runs on once the page is shown again', async () => {
    const { outcome } = await prompted();
    showPage();
    vi.advanceTimersByTime(permission);
    expect(await outcome).toMatchObject({ code: 'CameraPermissionDenied' });
  });

  it('PageHidden: fails after the hidden deadline, and releases a camera that is granted later', async () => {
    const { outcome, allow } = await prompted();
    vi.advanceTimersByTime(hidden);
    expect(await outcome).toMatchObject({ code: 'PageHidden' });
    allow();
    await until(() => harness.tracks.length === 1, 'the camera');
    await round();
    expect(harness.held()).toEqual([]);
  });
});

it('PageHidden: a camera picked while the page is hidden is not replaced by another', async () => {
  const hidden = 20_000;
  connect({ front: { label: 'Front' }, other: { label: 'Other' } });
  mount({ attempt: null, properties: { deadlines: { hidden, sessionStart: 600_000 } } });
  const outcome = harness.start();
  await until(() => harness.requests.length === 1, 'the question for an attempt');
  hidePage();
  navigator.mediaDevices.getUserMedia = () => new Promise(() => void asked.push('the other'));
  harness.element.cameraId = 'other';
  await until(() => asked.length === 2, 'the camera');
  vi.advanceTimersByTime(hidden);
  expect(await outcome).toMatchObject({ code: 'PageHidden' });
  expect(asked).toEqual(['any', 'the other']);
});

describe('a camera that delivers no picture while the page is hidden', () => {
  const canvas = document.createElement('canvas');
  const deadlines = { camera: 5_000, hidden: 20_000 };

  /** Starts a session that opens the remembered one of two cameras, and hides the page just before it opens. */
  async function opened(): Promise<{ outcome: Promise<unknown> }> {
    localStorage.setItem(rememberedCameraKey('user'), 'front');
    connect({ other: { label: 'Other' }, front: { label: 'Front' } });
    navigator.mediaDevices.getUserMedia = () => {
      asked.push('front');
      hidePage();
      const stream = canvas.captureStream(0);
      for (const track of stream.getTracks()) track.getSettings = () => ({ deviceId: 'front' });
      return Promise.resolve(stream);
    };
    mount({ properties: { deadlines } });
    const outcome = harness.start();
    await until(() => asked.length === 1 && harness.video.srcObject !== null, 'the camera');
    return { outcome };
  }

  it('is waited for beyond the camera deadline, and stays the remembered camera', async () => {
    await opened();
    vi.advanceTimersByTime(2 * deadlines.camera);
    await round();
    expect(harness.states).toEqual(['preparing']);
    showPage();
    canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
    (harness.tracks[0] as CanvasCaptureMediaStreamTrack).requestFrame();
    await harness.reached('framing');
    expect(asked).toEqual(['front']);
    expect(localStorage.getItem(rememberedCameraKey('user'))).toBe('front');
  });

  it('is released after the hidden deadline, with PageHidden, and stays the remembered camera', async () => {
    const { outcome } = await opened();
    vi.advanceTimersByTime(deadlines.hidden);
    expect(await outcome).toMatchObject({ code: 'PageHidden' });
    expect(harness.held()).toEqual([]);
    expect(asked).toEqual(['front']);
    expect(localStorage.getItem(rememberedCameraKey('user'))).toBe('front');
  });
});
