/** Another camera during a session: picked by the person, set by the page, or replacing one that went away. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rememberedCameraKey } from '../../src/camera-choice.js';
import { prefetch } from '../../src/prefetch.js';
import { en } from '../../src/strings/en.js';
import { asked, connect, disconnect, holdList, holdPrompts } from './devices.js';
import { allowLeaps, Harness, until, type Options } from './harness.js';
import { hidePage, showPage } from './page-visibility.js';

const FRONT = { label: 'Front' };
const OTHER = { label: 'Other' };
/** Two that the element would rather replace, but not by each other. */
const VIRTUAL = { label: 'OBS Virtual Camera' };
const REAR = { label: 'Back Camera' };

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  await harness.dispose();
  vi.useRealTimers();
  disconnect();
  localStorage.removeItem(rememberedCameraKey('user'));
});

const select = () => harness.root.querySelector('select');

async function pick(deviceId: string): Promise<void> {
  await until(() => select()?.querySelector(`[value=${deviceId}]`) != null, `${deviceId} to pick`);
  Object.assign(select() as HTMLSelectElement, { value: deviceId }).dispatchEvent(new Event('change'));
}

/** Waits until this camera alone is on and selected in the choice, and checks that guidance goes on with it. */
async function filmedBy({ label }: { label: string }): Promise<void> {
  const live = () => harness.tracks.filter(({ readyState }) => readyState === 'live').map((track) => track.label);
  const shown = () => select()?.selectedOptions[0]?.textContent?.trim();
  await until(() => live().join() === label && shown() === label, `${label}, not ${live().join()} and ${shown()}`);
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 1, 'its pictures');
  expect(harness.state).toBe('framing');
}

function unplug(left: Parameters<typeof connect>[0]): void {
  connect(left);
  const track = harness.tracks.at(-1);
  track?.stop();
  track?.dispatchEvent(new Event('ended'));
}

function whileHidden(happens: () => void): void {
  hidePage();
  happens();
  showPage();
}

it('keeps a virtual camera that works if the browser never lists the other cameras', async () => {
  // The clock moves only when the test advances it, so that no other deadline runs out.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  connect({ program: VIRTUAL, front: FRONT });
  const listed = new Promise<void>((resolve) => {
    navigator.mediaDevices.enumerateDevices = () => new Promise(() => resolve());
  });
  mount({ properties: { deadlines: { camera: 2_000 } } });
  const framed = new Promise((resolve) => {
    harness.element.addEventListener('liveness-state', ({ state }) => state === 'framing' && resolve(state));
  });
  void harness.start();
  await listed;
  vi.advanceTimersByTime(2_000);
  await framed;
  expect(asked).toEqual(['any']);
});

describe('a camera released while the browser lists the others leaves the video to its successor', () => {
  it('in the next session, after a cancel', async () => {
    connect({ program: VIRTUAL, rear: REAR });
    const list = holdList();
    mount();
    void harness.start();
    await until(() => list.isAsked, 'the list');
    harness.element.cancel();
    await harness.framing();
    await filmedBy(VIRTUAL);
    list.answer();
    await filmedBy(VIRTUAL);
  });

  it('in the same session, after a pick', async () => {
    connect({ front: FRONT, program: VIRTUAL, rear: REAR });
    mount({ properties: { cameraId: 'front' } });
    await harness.framing();
    await filmedBy(FRONT);
    unplug({ program: VIRTUAL, rear: REAR });
    const list = holdList();
    await until(() => list.isAsked, 'the list');
    await pick('rear');
    await filmedBy(REAR);
    list.answer();
    await filmedBy(REAR);
  });
});

describe('falling back from a camera that opens but delivers no picture', () => {
  it('fails with CameraStartupFailure if the browser never lists the other cameras', async () => {
    allowLeaps();
    connect({ front: { ...FRONT, isBlind: true } });
    const listed = vi.fn(() => new Promise<never>(() => undefined));
    navigator.mediaDevices.enumerateDevices = listed;
    mount({ properties: { deadlines: { camera: 2_000 } } });
    const outcome = harness.start();
    await until(() => listed.mock.calls.length > 0, 'the question');
    vi.advanceTimersByTime(2_000);
    expect(await outcome).toMatchObject({ code: 'CameraStartupFailure' });
  });

  it('returns from a picked camera to the previous one, and does not start with it next time', async () => {
    connect({ front: FRONT, other: { ...OTHER, isBlind: true } });
    mount();
    await harness.framing();
    await pick('other');
    await filmedBy(FRONT);
    expect(asked).toEqual(['any', 'other', 'front']);
    harness.element.cancel();
    void harness.start();
    await until(() => asked.length === 4, 'the next session');
    expect(asked[3]).toBe('any');
  });

  it('replaces a remembered camera with another, and forgets it', async () => {
    localStorage.setItem(rememberedCameraKey('user'), 'other');
    connect({ front: FRONT, other: { ...OTHER, isBlind: true } });
    mount();
    await harness.framing();
    await filmedBy(FRONT);
    expect(asked).toEqual(['other', 'front']);
    expect(localStorage.getItem(rememberedCameraKey('user'))).toBeNull();
  });

  it('replaces the browser’s default with the next best camera, and never tries a third', async () => {
    const blind = { ...FRONT, isBlind: true };
    connect({ front: blind, program: VIRTUAL, other: OTHER });
    mount();
    await harness.framing();
    await filmedBy(OTHER);
    expect(asked).toEqual(['any', 'other']);
    harness.element.cancel();
    connect({ front: blind, other: { ...OTHER, isBlind: true }, third: { label: 'Third' } });
    expect(await harness.start()).toMatchObject({ code: 'CameraStartupFailure' });
    expect(asked.slice(2)).toEqual(['any', 'other']);
  });

  it.each([
    ['the only camera', '', { front: { ...FRONT, isBlind: true } }],
    ['the camera set by the page', 'front', { front: { ...FRONT, isBlind: true }, other: OTHER }],
  ])('fails with CameraStartupFailure and tries no other camera if it was %s', async (_, cameraId, devices) => {
    connect(devices);
    mount({ properties: { cameraId } });
    expect(await harness.start()).toMatchObject({ code: 'CameraStartupFailure' });
    expect(asked).toHaveLength(1);
  });
});

it('opens no attempt before the camera is on whose camera-id is set while the face model loads', async () => {
  connect({ front: FRONT, other: OTHER });
  mount({ script: { prefetch: 'never' } });
  const download = new AbortController();
  prefetch({ workerUrl: harness.element.workerUrl, signal: download.signal }).catch(() => undefined);
  const starts = () => harness.requests.filter(({ path }) => path === '/session/start');
  void harness.start();
  await until(() => harness.title === en.preparing.title && harness.text === '', 'the first camera');
  const prompt = holdPrompts();
  harness.element.cameraId = 'other';
  await until(() => harness.text !== '', 'the prompt');
  download.abort();
  await until(() => harness.calls('load').length === 1, 'the face model');
  // Time in which the session could start an attempt too early.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(starts()).toEqual([]);
  prompt.answer();
  await harness.reached('framing');
  await filmedBy(OTHER);
  expect(starts()).toHaveLength(1);
});

describe('the choice of cameras shows the open camera', () => {
  it('after a picked camera was unplugged, plugged in and picked again', async () => {
    connect({ front: FRONT, third: { label: 'Third' }, other: OTHER });
    mount();
    await harness.framing();
    await pick('other');
    await filmedBy(OTHER);
    unplug({ front: FRONT, third: { label: 'Third' } });
    await filmedBy(FRONT);
    connect({ front: FRONT, third: { label: 'Third' }, other: OTHER });
    await pick('other');
    await filmedBy(OTHER);
  });

  it('when camera-id names a missing camera', async () => {
    connect({ program: VIRTUAL, front: FRONT });
    mount({ properties: { cameraId: 'gone' } });
    await harness.framing();
    await filmedBy(FRONT);
  });

  it.each([
    ['is granted', {}],
    ['delivers no picture', { isBlind: true }],
    ['is in use', { isTaken: true }],
  ])('when camera-id is set during the prompt for another camera, which %s', async (_, fate) => {
    connect({ front: { ...FRONT, ...fate }, other: OTHER });
    const prompt = holdPrompts();
    mount({ properties: { cameraId: 'front' } });
    void harness.start();
    await until(() => harness.cameraRequests > 0, 'the prompt');
    harness.element.cameraId = 'other';
    await harness.element.updateComplete;
    prompt.answer();
    await harness.reached('framing');
    await filmedBy(OTHER);
  });

  it.each([
    ['with camera-id set', 'front'],
    ['without camera-id', ''],
  ])('after a pick of a camera in use, and after a second pick when it is free, %s', async (_, cameraId) => {
    connect({ front: FRONT, other: { ...OTHER, isTaken: true } });
    mount({ properties: { cameraId } });
    await harness.framing();
    await pick('other');
    await filmedBy(FRONT);
    connect({ front: FRONT, other: OTHER });
    await pick('other');
    await filmedBy(OTHER);
  });
});

it('reopens a camera that the system ends whenever the page is hidden, three times in a row', async () => {
  connect({ front: FRONT, other: OTHER });
  mount();
  await harness.framing();
  for (let times = 1; times <= 3; times++) {
    whileHidden(() => unplug({ front: FRONT, other: OTHER }));
    await filmedBy(FRONT);
    expect(asked).toEqual(Array(times + 1).fill('any'));
  }
});

it('does not count the released camera as lost if the page is hidden while a picked one opens', async () => {
  connect({ front: FRONT, other: OTHER });
  mount();
  await harness.framing();
  await pick('other');
  whileHidden(() => undefined);
  await filmedBy(OTHER);
  expect(asked).toEqual(['any', 'other']);
});

it('gives another camera the full framing deadline, which its permission prompt does not shorten', async () => {
  allowLeaps();
  connect({ front: FRONT, other: OTHER });
  mount({ properties: { deadlines: { framing: 5_000 } } });
  await harness.framing();
  vi.advanceTimersByTime(4_000);
  const prompt = holdPrompts();
  await pick('other');
  await until(() => prompt.asked === 1, 'the prompt');
  vi.advanceTimersByTime(6_000);
  prompt.answer();
  await filmedBy(OTHER);
  vi.advanceTimersByTime(4_000);
  await filmedBy(OTHER);
  vi.advanceTimersByTime(5_000);
  await harness.reached('failed');
});

it('ignores facingMode and cameraRotation set during a session, in the preview and in the capture', async () => {
  mount({ properties: { cameraRotation: 90 } });
  await harness.framing();
  Object.assign(harness.element, { facingMode: 'environment', cameraRotation: 180 });
  await harness.element.updateComplete;
  expect(harness.video.className).toBe('mirrored sideways');
  expect(harness.video.style.getPropertyValue('--rotation')).toBe('90deg');
  harness.tracks[0]?.dispatchEvent(new Event('ended'));
  await until(() => harness.calls('begin').length === 2, 'guidance with another camera');
  expect(harness.calls('begin').map(({ given }) => given)).toMatchObject([{ rotation: 90 }, { rotation: 90 }]);
});

it('fails with Unexpected, not as a refused permission, and ends a track without getSettings()', async () => {
  connect({ front: FRONT });
  mount();
  const { mediaDevices } = navigator;
  const give = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await give(constraints);
    for (const track of stream.getTracks()) Object.assign(track, { getSettings: undefined });
    return stream;
  };
  expect(await harness.start()).toMatchObject({ code: 'Unexpected' });
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
});
