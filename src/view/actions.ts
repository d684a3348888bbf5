/** The buttons of a state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SessionState } from '../session/state.js';
import type { LivenessStrings } from '../strings/strings.js';
import { offersAnotherTry } from './another-try.js';

export interface Acts {
  start(): void;
  cancel(): void;
  /** Whether head turns are agreeable. */
  answer(agreed: boolean): void;
}

/**
 * @param mayStart it waits for a press to start with
 * @param hasOther the next start is that of another session, whatever became of this one
 */
export function actions(
  session: SessionState,
  strings: LivenessStrings,
  { mayStart, hasOther }: { mayStart: boolean; hasOther: boolean },
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
      return offersAnotherTry(session, hasOther) ? button(strings.tryAgain, 'primary try-again', start) : nothing;
    case 'succeeded':
      return nothing;
    default:
      return button(strings.cancel, 'plain cancel', cancel);
  }
}

/** @param names class names and parts: what it looks like, and what it does */
function button(text: string, names: `${'primary' | 'plain'} ${string}`, act: () => void): TemplateResult {
  // Where one button stood comes another: the second of two quick clicks on it was not meant, nor the clicks of a key that
  // is held.
  const once = ({ detail }: MouseEvent) => detail < 2 && act();
  const held = (event: KeyboardEvent) => event.repeat && event.key === 'Enter' && event.preventDefault();
  return html`<button type="button" class=${names} part="button ${names}" @click=${once} @keydown=${held}>
    ${text}
  </button>`;
}
