/** Which camera to use if there are several. Browsers reveal labels once a camera was allowed. */

export interface CameraInfo {
  deviceId: string;
  /** Empty until a camera was allowed. */
  label: string;
}

export type FacingMode = 'user' | 'environment';

/** Names of virtual cameras, which are programs; a person who wants one can choose it. */
const VIRTUAL = /virtual|\bobs\b|manycam|snap camera|xsplit|splitcam|droidcam|camo\b|ndi\b|mmhmm|screen capture/i;
/** Cameras that see heat or distance, and show a face in grey or not at all. */
const NO_COLOURS = /\b(ir|infrared|depth|thermal|tof)\b/i;
const FRONT = /\b(front|user|facetime|selfie)\b/i;
const BACK = /\b(back|rear|environment)\b/i;

/** @returns the cameras, better ones first, otherwise in the browser's order */
export function rankCameras(cameras: readonly CameraInfo[], facingMode: FacingMode): CameraInfo[] {
  return [...cameras].sort((one, other) => score(other, facingMode) - score(one, facingMode));
}

/** Whether a person would hardly have chosen this camera, so that the others are worth a look. */
export function isDoubtful(camera: { label: string }, facingMode: FacingMode): boolean {
  return score(camera, facingMode) < 0;
}

/** Below zero as soon as anything speaks against the camera, whatever speaks for it. */
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

/** Empty if none was chosen, or the page has no access to storage. */
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
    // Not remembered: the person has to choose it again the next time.
  }
}

/** Does nothing if another camera is remembered. */
export function forgetCamera(deviceId: string, facingMode: FacingMode): void {
  // Needs no `try`: if reading worked, removing works.
  if (rememberedCamera(facingMode) === deviceId) localStorage.removeItem(rememberedCameraKey(facingMode));
}
