/** Decides which of several cameras to use. Browsers reveal camera labels only once the page may use a camera. */

export interface CameraInfo {
  deviceId: string;
  /** Empty until the page may use a camera. */
  label: string;
}

export type FacingMode = 'user' | 'environment';

/** Names of virtual cameras (programs). They rank last, but a person can still choose one. */
const VIRTUAL = /virtual|\bobs\b|manycam|snap camera|xsplit|splitcam|droidcam|camo\b|ndi\b|mmhmm|screen capture/i;
/** Infrared, thermal and depth cameras, which show a face in grey or not at all. */
const NO_COLOURS = /\b(ir|infrared|depth|thermal|tof)\b/i;
const FRONT = /\b(front|user|facetime|selfie)\b/i;
const BACK = /\b(back|rear|environment)\b/i;

/** @returns the cameras, better ones first, otherwise in the browser's order */
export function rankCameras(cameras: readonly CameraInfo[], facingMode: FacingMode): CameraInfo[] {
  return [...cameras].sort((one, other) => score(other, facingMode) - score(one, facingMode));
}

/** Whether the label speaks against this camera, so that another one is probably better. */
export function isDoubtful(camera: { label: string }, facingMode: FacingMode): boolean {
  return score(camera, facingMode) < 0;
}

/** Negative if anything speaks against the camera, even if it faces the wanted way. */
function score({ label }: { label: string }, facingMode: FacingMode): number {
  const [wanted, unwanted] = facingMode === 'user' ? [FRONT, BACK] : [BACK, FRONT];
  return (
    (VIRTUAL.test(label) ? -4 : 0) +
    (NO_COLOURS.test(label) ? -4 : 0) +
    (unwanted.test(label) ? -2 : 0) +
    (wanted.test(label) ? 1 : 0)
  );
}

/** Key in `localStorage` for the camera that a person chose. */
export const rememberedCameraKey = (facingMode: FacingMode) => `face-liveness:camera:${facingMode}`;

/** @returns the `deviceId` of the camera that the person chose; empty if there is none or storage is not accessible */
export function rememberedCamera(facingMode: FacingMode): string {
  try {
    return localStorage.getItem(rememberedCameraKey(facingMode)) ?? '';
  } catch {
    return '';
  }
}

export function rememberCamera(deviceId: string, facingMode: FacingMode): void {
  try {
    localStorage.setItem(rememberedCameraKey(facingMode), deviceId);
  } catch {
    // Storage is not accessible or full: the person has to choose the camera again next time.
  }
}

/** Forgets the remembered camera if it is this one. */
export function forgetCamera(deviceId: string, facingMode: FacingMode): void {
  // Needs no `try`: if reading worked, removing works.
  if (rememberedCamera(facingMode) === deviceId) localStorage.removeItem(rememberedCameraKey(facingMode));
}
