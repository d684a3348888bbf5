/** Which camera to take where there are several. Labels are known once one camera was allowed. */

export interface CameraInfo {
  deviceId: string;
  /** Empty until a camera was allowed. */
  label: string;
}

export type FacingMode = 'user' | 'environment';

/** Cameras that are programs, by the names they give themselves; a person who wants one can choose it. */
const VIRTUAL = /virtual|\bobs\b|manycam|snap camera|xsplit|splitcam|droidcam|camo\b|ndi\b|mmhmm|screen capture/i;
/** They see heat or distance, and show a face in grey or not at all. */
const NO_COLOURS = /\b(ir|infrared|depth|thermal|tof)\b/i;
const FRONT = /\b(front|user|facetime|selfie)\b/i;
const BACK = /\b(back|rear|environment)\b/i;

/** @returns the cameras, better ones first, otherwise in the browser's order */
export function rankCameras(cameras: readonly CameraInfo[], facingMode: FacingMode): CameraInfo[] {
  const wanted = facingMode === 'user' ? FRONT : BACK;
  const unwanted = facingMode === 'user' ? BACK : FRONT;
  const score = ({ label }: CameraInfo) =>
    (VIRTUAL.test(label) ? -4 : 0) +
    (NO_COLOURS.test(label) ? -4 : 0) +
    (unwanted.test(label) ? -1 : 0) +
    (wanted.test(label) ? 1 : 0);
  return [...cameras].sort((one, other) => score(other) - score(one));
}

/** Whether a person would not have chosen this one: then it is worth a look at the others. */
export function isDoubtful({ label }: CameraInfo, facingMode: FacingMode): boolean {
  return VIRTUAL.test(label) || NO_COLOURS.test(label) || (facingMode === 'user' ? BACK : FRONT).test(label);
}

/** Key in `localStorage` under which the camera is remembered that a person chose. */
export const rememberedCameraKey = (facingMode: FacingMode) => `face-liveness:camera:${facingMode}`;

/** Empty where none was chosen, or the page may not remember. */
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
    // Then it is chosen again the next time.
  }
}

/** Does nothing where another is remembered. */
export function forgetCamera(deviceId: string, facingMode: FacingMode): void {
  // What can be read can be removed.
  if (rememberedCamera(facingMode) === deviceId) localStorage.removeItem(rememberedCameraKey(facingMode));
}
