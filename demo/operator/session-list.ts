/** The list of sessions: one line each, newest first. */
import type { StoredReport } from '../shared/contract.js';
import { digestMark } from '../shared/digests.js';
import { SHORT, code, create, time } from '../shared/dom.js';
import type { SessionItem } from './service.js';

const MOST_SHOWN = 200;

/** @param query part of a session id or device correlation id, in any case. */
export function matching(sessions: SessionItem[], query: string): SessionItem[] {
  const wanted = query.trim().toLowerCase();
  return sessions.filter(({ id, deviceCorrelationId = '' }) =>
    [id, deviceCorrelationId].some((text) => text.toLowerCase().includes(wanted)),
  );
}

export function listNote(shown: number, all: number, complete: boolean): string {
  if (all === 0) return 'No sessions yet. One is created on the onboarding page.';
  const limit = complete ? '' : ' The service holds more than are listed: search by the whole id.';
  const cut = shown > MOST_SHOWN ? ` The newest ${MOST_SHOWN} are shown.` : '';
  return `${shown === all ? all : `${shown} of ${all}`} ${all === 1 ? 'session' : 'sessions'}.${cut}${limit}`;
}

export function sessionRows(
  sessions: SessionItem[],
  reports: StoredReport[],
  selected: string | undefined,
): HTMLElement[] {
  const verdicts = new Map(reports.map(({ sessionId, verdict }) => [sessionId, verdict]));
  return sessions.slice(0, MOST_SHOWN).map((session) => {
    const verdict = verdicts.get(session.id);
    const mark = verdict && (verdict === 'untrusted' ? digestMark('differ', 'Not trusted') : digestMark('match'));
    return create(
      'li',
      {},
      create(
        'a',
        { href: `#${session.kind}/${session.id}`, 'aria-current': session.id === selected ? 'true' : undefined },
        create('span', { class: 'row-head' }, time(session.createdDateTime, SHORT), mark),
        code(session.id),
        create('span', { class: 'tags' }, ...tags(session)),
      ),
    );
  });
}

function tags({ kind, sessionStartDateTime, sessionExpired }: SessionItem): HTMLElement[] {
  const words = [sessionStartDateTime ? 'started' : 'not started'];
  if (sessionExpired) words.push('expired');
  if (kind === 'detectLivenessWithVerify') words.push('with verify');
  return words.map((word) => create('span', { class: 'tag' }, word));
}
