/** What the page says when a session did not come to its end. The element has told the person what to do about it. */
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import { BackEndError } from './back-end.js';

export interface ProblemText {
  title: string;
  text: string;
  /** For whoever the person calls for help. */
  code: string;
}

const STOPPED: LivenessErrorCode[] = [
  'UserCanceledSession',
  'UserCanceledActiveMotion',
  'UserCanceledActiveMotionPrompt',
];

export function problemText(error: unknown): ProblemText {
  if (error instanceof BackEndError) return { title: 'That did not work', text: error.message, code: error.code };
  const code = codeOf(error);
  if (STOPPED.includes(code)) {
    return { title: 'Stopped', text: 'Nothing was sent. You can start again whenever you like.', code };
  }
  if (code.startsWith('Camera')) {
    const text = 'We could not film you. You can try again, or follow a whole session with a recorded clip.';
    return { title: 'No picture from the camera', text, code };
  }
  return { title: 'That did not work', text: 'The face check came to no result. You can try again.', code };
}

/** By its field, not its class: the element comes from a file of its own, with classes of its own. */
function codeOf(error: unknown): LivenessErrorCode {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? (code as LivenessErrorCode) : 'Unexpected';
}
