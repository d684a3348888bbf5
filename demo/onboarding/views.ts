/** Switches between the views of the page and fills them. */
import type { FaceLiveness } from '../../src/index.js';
import type { LivenessDecision } from '../../src/protocol/wire.js';
import type { Outcome } from '../common/contract.js';
import { digestComparison } from '../common/digests.js';
import { code, create, facts, find, time } from '../common/dom.js';
import { BackEndError } from './back-end.js';
import { problemText } from './problem-text.js';
import { verdictText } from './verdict-text.js';

export type View = 'intro' | 'session' | 'checking' | 'outcome' | 'problem';

/**
 * Shows a view and moves the focus to a heading, for keyboard and screen reader.
 *
 * @param heading id of the heading; null to leave the focus where it is
 */
export function showView(view: View, heading: string | null = `${view}-title`): void {
  document.body.dataset.view = view;
  find('stage', HTMLElement).hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>('[data-in]')) {
    part.hidden = !part.dataset.in?.split(' ').includes(view);
  }
  if (heading === null) return;
  find(heading, HTMLElement).focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

export function showOutcome(
  outcome: Outcome,
  { recorded, shownToPage }: { recorded: boolean; shownToPage: LivenessDecision | undefined },
): void {
  const { tone, title, sentences } = verdictText(outcome, recorded);
  const heading = find('outcome-title', HTMLElement);
  heading.textContent = title;
  heading.dataset.tone = tone;
  find('outcome-text', HTMLElement).replaceChildren(...sentences.map((sentence) => create('p', {}, sentence)));
  find('comparison', HTMLElement).replaceChildren(
    digestComparison(
      { label: 'Reported by this page', digest: outcome.digests.reported },
      { label: 'Kept in the service’s audit', digest: outcome.digests.audited },
    ),
    facts({
      Decision: outcome.decision && code(outcome.decision),
      Judge: outcome.decision && (outcome.isJudged ? code(outcome.judge ?? 'unnamed') : 'none configured'),
      Reason: outcome.reason && code(outcome.reason),
      'Page saw': shownToPage && code(`${shownToPage} (for display only)`),
      Session: code(outcome.sessionId),
      Attempt: String(outcome.attemptId),
      Request: code(outcome.resultId),
      Received: outcome.receivedDateTime && time(outcome.receivedDateTime),
    }),
  );
  showView('outcome');
}

/** Shows a failure of the element, which stays visible: it tells the person what happened and how to try again. */
export async function showElementProblem(element: FaceLiveness, errorCode: string): Promise<void> {
  writeProblem(problemText(errorCode), errorCode);
  // If the focus is inside the element, the element moves it itself. In keyboard order, it comes before our buttons.
  showView('problem', element.matches(':focus-within') ? null : 'session-title');
  await element.updateComplete;
  offerStartingOver(element.shadowRoot?.querySelector('[part~="try-again"]') === null);
}

/** Shows a failure of our own back end or of the clip. The element does not know about it, so it is hidden. */
export function showPageProblem(error: unknown): void {
  const { message } = error as Error;
  writeProblem({ title: 'That did not work', text: message }, error instanceof BackEndError ? error.code : '');
  offerStartingOver(true);
  // The element announces its own messages to screen readers; this one needs `role="alert"`.
  find('problem-text', HTMLElement).setAttribute('role', 'alert');
  showView('problem');
  find('stage', HTMLElement).hidden = true;
}

function writeProblem({ title, text }: { title: string; text: string }, errorCode: string): void {
  find('problem-title', HTMLElement).textContent = title;
  const words = find('problem-text', HTMLElement);
  words.removeAttribute('role');
  words.textContent = text;
  const note = errorCode ? [create('strong', {}, 'For developers'), ` Code: ${errorCode}`] : [];
  find('problem-code', HTMLElement).replaceChildren(...note);
}

/** @param isFirst true if the element shows no try-again button: only one button may stand out */
function offerStartingOver(isFirst: boolean): void {
  find('start-over', HTMLButtonElement).classList.toggle('primary', isFirst);
}

/**
 * For a page without a secure context, where browsers offer no camera and the element does not even work with the clip.
 */
export function askForSafeAddress(): void {
  const note = find('no-camera', HTMLElement);
  note.textContent =
    'Please open this page over HTTPS or from localhost. A face check is not possible from this address.';
  note.hidden = false;
  for (const id of ['start', 'start-with-clip']) find(id, HTMLButtonElement).disabled = true;
  for (const id of ['consent', 'another-way']) find(id, HTMLElement).hidden = true;
}

/** Puts the button for the clip first, for devices without a camera. */
export function offerClipFirst(): void {
  find('no-camera', HTMLElement).hidden = false;
  const [camera, clip] = [find('start', HTMLButtonElement), find('start-with-clip', HTMLButtonElement)];
  camera.classList.remove('primary');
  clip.classList.add('primary');
  clip.after(camera);
}
