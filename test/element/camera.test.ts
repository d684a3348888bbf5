/** Which camera is opened, and what happens if it cannot be opened. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Camera } from '../../src/camera.js';
import { rememberedCameraKey } from '../../src/camera-choice.js';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { failureOf } from '../../src/protocol/failure.js';
import { asked, connect, disconnect } from './devices.js';

let release: AbortController;

beforeEach(() => {
  release = new AbortController();
});

afterEach(() => {
  release.abort();
  localStorage.removeItem(rememberedCameraKey('user'));
  disconnect();
});

const open = (cameraId = '') => Camera.open({ cameraId, facingMode: 'user' }, DEFAULT_DEADLINES.camera, release.signal);
const opened = async (cameraId?: string) => (await open(cameraId)).deviceId;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => failureOf(error).code,
  );

it('CameraInUse: another program has the only camera', async () => {
  connect({ webcam: { label: 'Webcam', isTaken: true } });
  expect(await codeOf(open())).toBe('CameraInUse');
});

it('prefers a real camera that faces the person to a virtual and an infrared one', async () => {
  connect({
    obs: { label: 'OBS Virtual Camera' },
    infrared: { label: 'Integrated IR Camera' },
    webcam: { label: 'Integrated Camera' },
  });
  expect(await opened()).toBe('webcam');
  expect(asked).toEqual(['any', 'webcam']);
});

it('opens a virtual camera if the real one, which it prefers, is in use', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' }, webcam: { label: 'Integrated Camera', isTaken: true } });
  expect(await opened()).toBe('obs');
});

it('opens another real camera if the default one is in use, but never a virtual one', async () => {
  connect({
    builtIn: { label: 'Integrated Camera', isTaken: true },
    obs: { label: 'OBS Virtual Camera' },
    usb: { label: 'USB Camera' },
  });
  expect(await opened()).toBe('usb');
  connect({ builtIn: { label: 'Integrated Camera', isTaken: true }, obs: { label: 'OBS Virtual Camera' } });
  expect(await codeOf(open()), 'a program never comes unasked').toBe('CameraInUse');
});

it('opens a virtual camera if it is the only one', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' } });
  expect(await opened()).toBe('obs');
  expect(asked).toEqual(['any']);
});

it('opens the camera the person chose before, even a virtual one, unless the page sets another', async () => {
  localStorage.setItem(rememberedCameraKey('user'), 'obs');
  connect({ webcam: { label: 'Webcam' }, obs: { label: 'OBS Virtual Camera' } });
  expect(await opened()).toBe('obs');
  expect(await opened('webcam'), 'the page’s choice goes before it').toBe('webcam');
});

it.each([
  ['is in use', { label: 'Other', isTaken: true }],
  ['is gone', undefined],
])('opens another camera if the one the person chose before %s', async (_, other) => {
  localStorage.setItem(rememberedCameraKey('user'), 'other');
  connect({ webcam: { label: 'Webcam' }, ...(other ? { other } : {}) });
  expect(await opened()).toBe('webcam');
});

it('opens a real camera, not a virtual one, if the chosen camera is gone', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' }, webcam: { label: 'Webcam' } });
  expect(await opened('gone'), 'chosen by the page').toBe('webcam');
  localStorage.setItem(rememberedCameraKey('user'), 'gone');
  expect(await opened(), 'chosen by the person before').toBe('webcam');
});

it('CameraInUse: another program has the camera the page chose', async () => {
  connect({ webcam: { label: 'Webcam' }, other: { label: 'Other', isTaken: true } });
  expect(await codeOf(open('other'))).toBe('CameraInUse');
});

it('CameraStartupFailure: the stream has no video track', async () => {
  connect({ webcam: { label: 'Webcam' } });
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(new MediaStream());
  expect(await codeOf(open())).toBe('CameraStartupFailure');
});

describe('a camera whose pictures are too small for the service', () => {
  const tracks: MediaStreamTrack[] = [];
  /** Sizes of the pictures by `deviceId`; those of other cameras are just large enough. */
  const SIZES: Record<string, [number, number]> = { thermal: [160, 119], unknown: [0, 0] };

  beforeEach(() => {
    tracks.length = 0;
    connect({ webcam: { label: 'Webcam' } });
    const { mediaDevices } = navigator;
    const give = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await give(constraints);
      for (const track of stream.getTracks()) {
        const settings = track.getSettings();
        const { deviceId = '' } = settings;
        const [width, height] = SIZES[deviceId] ?? [160, 120];
        track.getSettings = () => ({ ...settings, width, height });
        tracks.push(track);
      }
      return stream;
    };
  });

  it('is not assumed while the browser does not know the size yet', async () => {
    connect({ unknown: { label: 'Unknown' } });
    expect(await opened()).toBe('unknown');
  });

  it('is released, and fails with CameraStartupFailure or is replaced by another', async () => {
    connect({ thermal: { label: 'Thermal' } });
    await expect(open()).rejects.toMatchObject({
      failure: { code: 'CameraStartupFailure', message: expect.stringContaining('160 × 119 pixels') as string },
    });
    connect({ thermal: { label: 'Thermal' }, webcam: { label: 'Webcam' } });
    expect(await opened()).toBe('webcam');
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended', 'live']);
  });

  it('is not opened first again, even if the person chose it', async () => {
    localStorage.setItem(rememberedCameraKey('user'), 'thermal');
    connect({ webcam: { label: 'Webcam' }, thermal: { label: 'Thermal' } });
    for (let times = 0; times < 2; times++) expect(await opened()).toBe('webcam');
    expect(asked).toEqual(['thermal', 'any', 'any']);
  });
});

it('cuts a camera label to the 256 characters the service accepts', async () => {
  connect({ webcam: { label: 'Webcam '.repeat(50) } });
  expect((await open()).settings(document.createElement('video')).label).toBe('Webcam '.repeat(50).slice(0, 256));
});

it('releases a camera that is granted after cancellation', async () => {
  connect({ webcam: { label: 'Webcam' } });
  const streams: MediaStream[] = [];
  const { mediaDevices } = navigator;
  const give = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await give(constraints);
    streams.push(stream);
    release.abort();
    return stream;
  };
  expect(await codeOf(open())).toBe('UserCanceledSession');
  expect(streams.flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState)).toEqual(['ended']);
});

it('asks for no other camera if canceled while a better one opens', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' }, webcam: { label: 'Webcam' } });
  const { mediaDevices } = navigator;
  const give = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await give(constraints);
    if (asked.at(-1) === 'webcam') release.abort();
    return stream;
  };
  expect(await codeOf(open())).toBe('UserCanceledSession');
  expect(asked).toEqual(['any', 'webcam']);
});
