/**
 * Which camera is opened, and what is done where it cannot be. The devices are put in place here, over Chromium's one
 * fake camera: its flags give cameras neither names nor other programs that take them.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Camera } from '../../src/camera.js';
import { rememberedCameraKey } from '../../src/camera-choice.js';
import { failureOf } from '../../src/protocol/errors.js';

interface Device {
  label: string;
  /** Another program has it. */
  isTaken?: boolean;
}

const { mediaDevices } = navigator;
const real = mediaDevices.getUserMedia.bind(mediaDevices);
let release: AbortController;
let asked: string[];

beforeEach(() => {
  release = new AbortController();
  asked = [];
});

afterEach(() => {
  release.abort();
  localStorage.removeItem(rememberedCameraKey('user'));
  // The prototype's own come back.
  Object.assign(mediaDevices, { getUserMedia: real });
  delete (mediaDevices as Partial<MediaDevices>).enumerateDevices;
});

/** From now on these are the cameras, the first of them the browser's default. */
function connect(devices: Record<string, Device>): void {
  const ids = Object.keys(devices);
  mediaDevices.enumerateDevices = () =>
    Promise.resolve(
      ids.map((deviceId) => ({ kind: 'videoinput', deviceId, groupId: '', label: devices[deviceId]?.label }) as never),
    );
  mediaDevices.getUserMedia = async (constraints) => {
    const { deviceId } = constraints?.video as { deviceId?: { exact: string } };
    const id = deviceId?.exact ?? ids[0] ?? '';
    asked.push(deviceId?.exact ?? 'any');
    const device = devices[id];
    if (!device) throw new DOMException('', deviceId ? 'OverconstrainedError' : 'NotFoundError');
    if (device.isTaken) throw new DOMException('Could not start video source', 'NotReadableError');
    const stream = await real({ video: true });
    for (const track of stream.getTracks()) {
      Object.defineProperty(track, 'label', { value: device.label });
      track.getSettings = () => ({ deviceId: id });
    }
    return stream;
  };
}

const open = (cameraId = '') => Camera.open({ cameraId, facingMode: 'user' }, release.signal);
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

it('a real camera that faces the person goes before a program and one that sees infrared', async () => {
  connect({
    obs: { label: 'OBS Virtual Camera' },
    infrared: { label: 'Integrated IR Camera' },
    webcam: { label: 'Integrated Camera' },
  });
  expect(await opened()).toBe('webcam');
  expect(asked).toEqual(['any', 'webcam']);
});

it('where the better one is taken, the other will do', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' }, webcam: { label: 'Integrated Camera', isTaken: true } });
  expect(await opened()).toBe('obs');
});

it('one that is all there is, is taken whatever it is called', async () => {
  connect({ obs: { label: 'OBS Virtual Camera' } });
  expect(await opened()).toBe('obs');
  expect(asked).toEqual(['any']);
});

it('what the person chose before is opened again, whatever it is called', async () => {
  localStorage.setItem(rememberedCameraKey('user'), 'obs');
  connect({ webcam: { label: 'Webcam' }, obs: { label: 'OBS Virtual Camera' } });
  expect(await opened()).toBe('obs');
  expect(await opened('webcam'), 'the page’s choice goes before it').toBe('webcam');
});

it.each([
  ['is taken', { label: 'Other', isTaken: true }],
  ['is gone', undefined],
])('what the person chose before %s: another will do', async (_, other) => {
  localStorage.setItem(rememberedCameraKey('user'), 'other');
  connect({ webcam: { label: 'Webcam' }, ...(other ? { other } : {}) });
  expect(await opened()).toBe('webcam');
});

it('CameraInUse: what the page chose is taken', async () => {
  connect({ webcam: { label: 'Webcam' }, other: { label: 'Other', isTaken: true } });
  expect(await codeOf(open('other'))).toBe('CameraInUse');
});

it('a camera that comes when nobody wants it any more is given back', async () => {
  connect({ webcam: { label: 'Webcam' } });
  const streams: MediaStream[] = [];
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
