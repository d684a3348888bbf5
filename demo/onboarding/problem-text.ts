/**
 * What the page says if a session did not complete. The element itself says what the person can do about it. Pure.
 */

export interface ProblemText {
  title: string;
  text: string;
}

/** @param code one of the element's error codes, see `LIVENESS_ERRORS` */
export function problemText(code: string): ProblemText {
  if (code.startsWith('UserCanceled')) {
    return { title: 'Stopped', text: 'Start again whenever you like.' };
  }
  if (code.startsWith('Camera')) {
    return { title: 'No picture from the camera', text: 'You can still follow a whole session with a recorded clip.' };
  }
  return { title: 'That did not work', text: 'The face check did not reach a result.' };
}
