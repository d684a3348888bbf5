/** The list of sessions: one line each, newest first. */
import type { StoredReport } from '../common/contract.js';
import { digestMark } from '../common/digests.js';
import { SHORT, code, create, time } from '../common/dom.js';
import { LIST_LENGTH, type SessionItem } from './service.js';

export function listNote(count: number, search: string): string {
  if (count === 0)
    return search ? 'No session begins like that.' : 'No sessions yet: the onboarding page creates them.';
  if (count === LIST_LENGTH) return `The newest ${count}. Search for others.`;
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}

export function sessionRows(
  sessions: SessionItem[],
  reports: StoredReport[],
  selected: string | undefined,
): HTMLElement[] {
  // They come newest first, and of a session the newest counts.
  const verdicts = new Map([...reports].reverse().map(({ sessionId, verdict }) => [sessionId, verdict]));
  return sessions.map((session) =>
    create(
      'li',
      {},
      create(
        'a',
        { href: `#${session.id}`, 'aria-current': session.id === selected ? 'true' : undefined },
        create('span', { class: 'row-head' }, time(session.createdDateTime, SHORT), markOf(verdicts.get(session.id))),
        code(session.id),
        create('span', { class: 'tags' }, ...tags(session)),
      ),
    ),
  );
}

function markOf(verdict: StoredReport['verdict'] | undefined): HTMLElement | null {
  if (!verdict) return null;
  return verdict === 'untrusted' ? digestMark('differ', 'Not trusted') : digestMark('match');
}

function tags({ attemptsStarted, sessionExpired, withVerify }: SessionItem): HTMLElement[] {
  const words = [`${attemptsStarted} ${attemptsStarted === 1 ? 'attempt' : 'attempts'}`];
  if (withVerify) words.push('with verify image');
  if (sessionExpired) words.push('expired');
  return words.map((word) => create('span', { class: 'tag' }, word));
}
