/** Which part of the page is shown, and what stands in it. */
import type { LivenessDecision } from '../../src/protocol/wire.js';
import type { Outcome } from '../shared/contract.js';
import { digestComparison } from '../shared/digests.js';
import { code, create, facts, find, time } from '../shared/dom.js';
import type { ProblemText } from './problem-text.js';
import { verdictText } from './verdict-text.js';

export type View = 'intro' | 'session' | 'checking' | 'outcome' | 'problem';

/** Shows a view and leads keyboard and screen reader to its heading. */
export function showView(view: View): void {
  document.body.dataset.view = view;
  for (const part of document.querySelectorAll<HTMLElement>('[data-in]')) {
    part.hidden = !part.dataset.in?.split(' ').includes(view);
  }
  document.getElementById(`${view}-title`)?.focus({ preventScroll: true });
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
      Judge: outcome.judge ? code(outcome.judge) : 'none configured',
      'Sent to this page': shownToPage && code(`${shownToPage} (for display only)`),
      Session: code(outcome.sessionId),
      Attempt: String(outcome.attemptId),
      Request: code(outcome.resultId),
      Received: outcome.receivedDateTime && time(outcome.receivedDateTime),
    }),
  );
  showView('outcome');
}

export function showProblem(problem: ProblemText): void {
  find('problem-title', HTMLElement).textContent = problem.title;
  find('problem-text', HTMLElement).textContent = problem.text;
  find('problem-code', HTMLElement).textContent = problem.code;
  showView('problem');
}
