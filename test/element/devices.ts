/**
 * Several cameras made of Chromium's one fake camera. Chromium's flags can neither name a camera nor make another
 * program use it.
 */
export interface Device {
  label: string;
  /** Another program uses it: it cannot be opened. */
  isTaken?: boolean;
  /** It opens, but its track ends before the first picture. */
  isBlind?: boolean;
}

const { mediaDevices } = navigator;
const real = mediaDevices.getUserMedia.bind(mediaDevices);

let plugged: Record<string, Device> = {};

/** The camera of each getUserMedia() call, in order: its `deviceId`, or `any`. */
export const asked: string[] = [];

/** Replaces the browser's cameras with these, by `deviceId`. The first is the browser's default. */
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
  // As in Safari, an OverconstrainedError is not a DOMException.
  if (!device) throw deviceId ? Object.assign(new Error(), { name: 'OverconstrainedError' }) : notFound();
  if (device.isTaken) throw new DOMException('Could not start video source', 'NotReadableError');
  const stream = await real({ video: true });
  for (const track of stream.getTracks()) {
    Object.defineProperty(track, 'label', { value: device.label });
    track.getSettings = () => {
      // As in Firefox, a track that has ended has no settings.
      const settings = track.readyState === 'live' ? { deviceId: id } : {};
      // Ends the track once the element has read which camera it is, before the first picture.
      if (device.isBlind) track.stop();
      return settings;
    };
  }
  return stream;
}

const notFound = () => new DOMException('', 'NotFoundError');

/** Keeps every camera prompt open until `answer()`, which also answers all later prompts at once. */
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

/** Withholds the next list of the connected cameras until `answer()`. */
export function holdList(): { readonly isAsked: boolean; answer(): void } {
  let answer: (() => void) | undefined;
  mediaDevices.enumerateDevices = () => {
    Object.assign(mediaDevices, { enumerateDevices });
    return new Promise((resolve) => (answer = () => resolve(enumerateDevices())));
  };
  return {
    get isAsked() {
      return answer !== undefined;
    },
    answer: () => answer?.(),
  };
}

/** Restores the browser's own cameras. */
export function disconnect(): void {
  asked.length = 0;
  Object.assign(mediaDevices, { getUserMedia: real });
  delete (mediaDevices as Partial<MediaDevices>).enumerateDevices;
}
