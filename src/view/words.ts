/** What is said in a state: one line to follow, one to explain. */
import { LIVENESS_ERRORS } from '../protocol/errors.js';
import type { Guidance } from '../protocol/guidance.js';
import type { SessionState } from '../session/state.js';
import type { LivenessStrings } from '../strings/strings.js';

export interface Words {
  title: string;
  text: string;
}

export function wordsOf(state: SessionState, strings: LivenessStrings): Words {
  switch (state.name) {
    case 'framing':
    case 'capturing':
    case 'activeMotion':
      return {
        title: state.guidance ? guidanceWords(state.guidance, strings) : strings.guidance.noFace,
        text: state.guidance?.escalation === 2 && state.name === 'framing' ? strings.help : '',
      };
    case 'prompting':
      return { title: strings.prompt.title, text: strings.prompt[state.reason] };
    case 'failed':
      return strings.failed[LIVENESS_ERRORS[state.failure.code].told];
    default:
      return strings[state.name];
  }
}

export function guidanceWords({ code, escalation }: Guidance, strings: LivenessStrings): string {
  return (escalation > 0 && strings.escalated[code]) || strings.guidance[code];
}
