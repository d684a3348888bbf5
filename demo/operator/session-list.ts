/** The list of sessions: one line each, newest first. */
import type { StoredReport, Verdict } from '../common/contract.js';
import { mark } from '../common/digests.js';
import { SHORT, code, create, time } from '../common/dom.js';
import type { Decisions } from './decision-mark.js';
import { LIST_LENGTH, type SessionItem } from './service.js';

export function listNote(count: number, search: string): string {
  if (count === 0) return search ? 'No session begins like that.' : 'No sessions yet.';
  if (count === LIST_LENGTH) return `The newest ${count}. Search for others.`;
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}

export function sessionRows(
  sessions: SessionItem[],
  reports: StoredReport[] | null,
  { decisions, selected }: { decisions: Decisions; selected: string },
): HTMLElement[] {
  // They come newest first, and of a session the newest counts.
  const verdicts = new Map([...(reports ?? [])].reverse().map(({ sessionId, verdict }) => [sessionId, verdict]));
  return sessions.map((session) =>
    create(
      'li',
      {},
      create(
        'a',
        { href: `#${session.id}`, 'aria-current': session.id === selected ? 'true' : undefined },
        create(
          'span',
          { class: 'row-head' },
          time(session.createdDateTime, SHORT),
          verdicts.get(session.id) === 'untrusted' ? mark('bad', 'Not trusted') : decisions.markOf(session),
        ),
        code(session.id),
        create('span', { class: 'tags' }, ...tags(session, verdicts.get(session.id))),
      ),
    ),
  );
}

function tags({ attemptsStarted, sessionExpired, withVerify }: SessionItem, verdict?: Verdict): HTMLElement[] {
  const words = [`${attemptsStarted} ${attemptsStarted === 1 ? 'attempt' : 'attempts'}`];
  if (verdict && verdict !== 'untrusted') words.push('Digests match');
  if (withVerify) words.push('with verify image');
  if (sessionExpired) words.push('expired');
  return words.map((word) => create('span', { class: 'tag' }, word));
}
