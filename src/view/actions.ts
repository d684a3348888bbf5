/** The buttons for each state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SessionState } from '../session/state.js';
import type { LivenessStrings } from '../strings/strings.js';
import { offersAnotherTry } from './another-try.js';

export interface Acts {
  start(): void;
  cancel(): void;
  /** The answer to the question whether the person agrees to head turns. */
  answer(agreed: boolean): void;
}

/** @param mayStart whether the session starts by a button */
export function actions(
  session: SessionState,
  strings: LivenessStrings,
  { mayStart, hasOtherToken }: { mayStart: boolean; hasOtherToken: boolean },
  { start, cancel, answer }: Acts,
): TemplateResult | typeof nothing {
  switch (session.name) {
    case 'idle':
      return mayStart ? button(strings.start, 'primary start', start) : nothing;
    case 'prompting':
      return html`${button(strings.agree, 'primary agree', () => answer(true))}
      ${button(strings.decline, 'plain decline', () => answer(false))}`;
    case 'failed':
    case 'canceled':
      return offersAnotherTry(session, hasOtherToken) ? button(strings.tryAgain, 'primary try-again', start) : nothing;
    case 'succeeded':
      return nothing;
    default:
      return button(strings.cancel, 'plain cancel', cancel);
  }
}

/** @param names class names and parts: the look, then the action */
function button(text: string, names: `${'primary' | 'plain'} ${string}`, act: () => void): TemplateResult {
  // A button may be replaced by another in the same place: ignore the second click of a double click, and the repeated
  // clicks of a key that is held down.
  const once = ({ detail }: MouseEvent) => detail < 2 && act();
  const held = (event: KeyboardEvent) => event.repeat && event.key === 'Enter' && event.preventDefault();
  return html`<button type="button" class=${names} part="button ${names}" @click=${once} @keydown=${held}>
    ${text}
  </button>`;
}
