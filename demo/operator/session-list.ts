/** The list of sessions: one line each, newest first. */
import type { StoredReport } from '../common/contract.js';
import { SHORT, code, create, tag, time } from '../common/dom.js';
import { mark } from '../common/mark.js';
import { decisionMark, type Decisions } from './decision-mark.js';
import { LIST_LENGTH, type AttemptResult, type SessionItem } from './service.js';

export function listNote(count: number, search: string): string {
  if (count === 0) return search ? 'No session matches this search.' : 'No sessions yet.';
  if (count === LIST_LENGTH) return `The newest ${count} are shown. Search for others.`;
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}

export function sessionRows(
  sessions: SessionItem[],
  reports: StoredReport[] | null,
  { decisions, selected }: { decisions: Decisions; selected: string },
): HTMLElement[] {
  // Reports come newest first. Only a session's newest report counts, so the Map has to receive it last.
  const newest = new Map([...(reports ?? [])].reverse().map((report) => [report.sessionId, report]));
  return sessions.map((session) => {
    const report = newest.get(session.id);
    const isUntrusted = report?.verdict === 'untrusted';
    // The newest report may be about another submission than the one that was decided last.
    const digestsTag = ({ digest }: AttemptResult) => (digest === report?.digest ? tag('Digests match') : null);
    return create(
      'li',
      {},
      create(
        'a',
        { href: `#${session.id}`, 'aria-current': session.id === selected ? 'true' : undefined },
        create(
          'span',
          { class: 'row-head' },
          time(session.createdDateTime, SHORT),
          isUntrusted ? mark('bad', 'Not trusted') : decisions.placeFor(session, decisionMark),
        ),
        code(session.id),
        create(
          'span',
          { class: 'tags' },
          ...words(session).map(tag),
          report && !isUntrusted ? decisions.placeFor(session, digestsTag) : null,
        ),
      ),
    );
  });
}

function words({ attemptsStarted, sessionExpired, withVerify }: SessionItem): string[] {
  return [
    `${attemptsStarted} ${attemptsStarted === 1 ? 'attempt' : 'attempts'}`,
    ...(withVerify ? ['with verify image'] : []),
    ...(sessionExpired ? ['expired'] : []),
  ];
}
