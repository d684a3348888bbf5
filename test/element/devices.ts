/**
 * Cameras put in place over Chromium's one fake camera: its flags give cameras neither names nor other programs that
 * take them.
 */
export interface Device {
  label: string;
  /** Another program has it. */
  isTaken?: boolean;
  /** It opens and ends before its first picture. */
  isBlind?: boolean;
}

const { mediaDevices } = navigator;
const real = mediaDevices.getUserMedia.bind(mediaDevices);

let plugged: Record<string, Device> = {};

/** What was asked for, in order: an id, or `any`. */
export const asked: string[] = [];

/** From now on these are the cameras, the first of them the browser's default. */
export function connect(devices: Record<string, Device>): void {
  plugged = devices;
  if (mediaDevices.enumerateDevices === enumerateDevices) {
    mediaDevices.dispatchEvent(new Event('devicechange'));
  } else {
    Object.assign(mediaDevices, { enumerateDevices, getUserMedia });
  }
}

function enumerateDevices(): Promise<MediaDeviceInfo[]> {
  const cameras = Object.entries(plugged).map(([deviceId, { label }]) => ({ deviceId, label, groupId: '' }));
  return Promise.resolve(cameras.map((camera) => ({ ...camera, kind: 'videoinput' }) as never));
}

async function getUserMedia(constraints?: MediaStreamConstraints): Promise<MediaStream> {
  const { deviceId } = constraints?.video as { deviceId?: { exact: string } };
  const id = deviceId?.exact ?? Object.keys(plugged)[0] ?? '';
  asked.push(deviceId?.exact ?? 'any');
  const device = plugged[id];
  // As in Safari, where the first is no DOMException.
  if (!device) throw deviceId ? Object.assign(new Error(), { name: 'OverconstrainedError' }) : notFound();
  if (device.isTaken) throw new DOMException('Could not start video source', 'NotReadableError');
  const stream = await real({ video: true });
  for (const track of stream.getTracks()) {
    Object.defineProperty(track, 'label', { value: device.label });
    track.getSettings = () => {
      // As in Firefox, where one that has ended tells nothing.
      const settings = track.readyState === 'live' ? { deviceId: id } : {};
      // Which camera it is, is all that is ever seen of it.
      if (device.isBlind) track.stop();
      return settings;
    };
  }
  return stream;
}

const notFound = () => new DOMException('', 'NotFoundError');

/** From now on every prompt stands open, until they are answered; later ones are at once. */
export function holdPrompts(): { readonly asked: number; answer(): void } {
  const give = mediaDevices.getUserMedia.bind(mediaDevices);
  const prompt = new EventTarget();
  const answered = new Promise((resolve) => prompt.addEventListener('answer', resolve));
  let count = 0;
  mediaDevices.getUserMedia = (wanted) => {
    count++;
    return answered.then(() => give(wanted));
  };
  return {
    get asked() {
      return count;
    },
    answer: () => void prompt.dispatchEvent(new Event('answer')),
  };
}

/** The browser's own again. */
export function disconnect(): void {
  asked.length = 0;
  Object.assign(mediaDevices, { getUserMedia: real });
  delete (mediaDevices as Partial<MediaDevices>).enumerateDevices;
}
