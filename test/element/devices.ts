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

/** What was asked for since they were connected: an id, or `any`. */
export let asked: string[] = [];

/** From now on these are the cameras, the first of them the browser's default. */
export function connect(devices: Record<string, Device>): void {
  const ids = Object.keys(devices);
  asked = [];
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
      if (device.isBlind) track.stop();
    }
    return stream;
  };
}

/** The browser's own again. */
export function disconnect(): void {
  Object.assign(mediaDevices, { getUserMedia: real });
  delete (mediaDevices as Partial<MediaDevices>).enumerateDevices;
}
