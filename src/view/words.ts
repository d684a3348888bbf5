/** The words for each state: an instruction and its explanation. */
import { LIVENESS_ERRORS } from '../protocol/errors.js';
import type { Guidance, GuidanceCode } from '../protocol/guidance.js';
import type { In, SessionState } from '../session/state.js';
import type { LivenessStrings, Words } from '../strings/strings.js';
import { offersAnotherTry } from './another-try.js';
import { join } from './sentences.js';

export function wordsOf(state: SessionState, strings: LivenessStrings, hasOtherToken = false): Words {
  if ('waiting' in state && state.waiting === 'page') return strings.paused;
  switch (state.name) {
    case 'framing':
    case 'capturing':
    case 'activeMotion':
      return {
        title: state.guidance ? guidanceWords(state.guidance, strings) : strings.guidance.noFace,
        text: state.name === 'framing' && needsHelp(state.guidance) ? strings.help : '',
      };
    case 'preparing':
      // Without the explanation, which speaks of pictures: none have been taken yet.
      if (state.waiting) return { title: strings.offline.title, text: '' };
      // Without the request to allow the camera once it is on: the rest may take a while.
      return state.preparation.camera ? { ...strings.preparing, text: '' } : strings.preparing;
    case 'submitting':
      return state.waiting ? strings.offline : strings.submitting;
    case 'canceled':
      return state.mayHaveSent ? { title: strings.failed.canceled.title, text: '' } : strings.failed.canceled;
    case 'prompting':
      return { title: strings.prompt.title, text: question(state, strings) };
    case 'failed': {
      const { told, retryable } = LIVENESS_ERRORS[state.failure.code];
      const isLast = retryable && !offersAnotherTry(state, hasOtherToken);
      return isLast ? { title: strings.failed[told].title, text: strings.failed.attempts.text } : strings.failed[told];
    }
    default:
      return strings[state.name];
  }
}

/**
 * Guidance that gets no help text: its causes are not those that the text advises on (light, distance, covered faces).
 */
const OTHER_CAUSES: readonly GuidanceCode[] = ['cameraStalled', 'severalFaces', 'rotateBack'];

function needsHelp(guidance: Guidance | null): boolean {
  return guidance?.escalation === 2 && !OTHER_CAUSES.includes(guidance.code);
}

function question({ reason, attempt }: In<'prompting'>, { prompt }: LivenessStrings): string {
  const why = prompt[reason];
  const smile = attempt.activeMotion.directions.includes('smile') && prompt.smile;
  // Chinese and Japanese put no space after a sentence.
  return [why, smile].filter(Boolean).join(why.endsWith('。') ? '' : ' ');
}

/**
 * What is announced for a state, including the possible answers to a question: the listener may not see the buttons.
 */
export function announcementOf(
  state: SessionState,
  strings: LivenessStrings,
  lang: string,
  hasOtherToken = false,
): string {
  const { title, text } = wordsOf(state, strings, hasOtherToken);
  const answers = state.name === 'prompting' ? [strings.agree, strings.decline] : [];
  const either = new Intl.ListFormat(lang, { type: 'disjunction' }).format(answers);
  const [first = '', ...others] = [title, text, either].filter(Boolean);
  return others.reduce(join, first);
}

export function guidanceWords({ code, escalation }: Guidance, strings: LivenessStrings): string {
  const escalated: Partial<Record<GuidanceCode, string>> = strings.escalated;
  return (escalation > 0 && escalated[code]) || strings.guidance[code];
}
