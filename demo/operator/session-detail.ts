/** Everything the service has kept about one session. */
import type { StoredReport } from '../shared/contract.js';
import { code, create, facts, time } from '../shared/dom.js';
import { auditEntry } from './audit-entry.js';
import { askToDelete } from './delete-dialog.js';
import { AUDIT_PAGE, type Attempt, type AuditEntry, type Service, type Session } from './service.js';

export interface Detail {
  session: Session;
  attempts: Attempt[];
  /** First page of the audit. */
  entries: AuditEntry[];
  reports: StoredReport[];
}

export async function loadDetail(service: Service, kind: Session['kind'], id: string): Promise<Detail> {
  const [session, attempts, entries, reports] = await Promise.all([
    service.getSession(kind, id),
    service.getAttempts(kind, id),
    service.getAudit(kind, id, ''),
    service.getReports(),
  ]);
  return { session, attempts, entries, reports };
}

/** @param deleted is called after the session is gone. */
export function sessionDetail(service: Service, detail: Detail, deleted: () => void): HTMLElement {
  const { session, attempts } = detail;
  const remove = async (): Promise<void> => {
    if (!(await askToDelete(session.id))) return;
    await service.deleteSession(session.kind, session.id);
    deleted();
  };
  return create(
    'div',
    { class: 'detail' },
    create('a', { class: 'back', href: '#' }, '‹ All sessions'),
    create(
      'header',
      {},
      create('h2', { tabindex: '-1' }, code(session.id)),
      create('button', { type: 'button', class: 'small danger', click: () => void remove() }, 'Delete'),
    ),
    create('div', { class: 'card' }, sessionFacts(session)),
    create('h3', {}, 'Attempts'),
    attemptList(attempts),
    create('h3', {}, 'Audit'),
    auditList(service, detail),
  );
}

function sessionFacts(session: Session): HTMLElement {
  const lifetime = session.authTokenTimeToLiveInSeconds;
  return facts({
    Status: create('span', { class: 'tag' }, session.status),
    Kind: session.kind === 'detectLiveness' ? 'Liveness' : 'Liveness with verify image',
    Created: time(session.createdDateTime),
    Started: session.sessionStartDateTime ? time(session.sessionStartDateTime) : 'not yet',
    Token: `${lifetime ?? '?'} s${session.sessionExpired ? ', expired' : ''}`,
    Device: session.deviceCorrelationId && code(session.deviceCorrelationId),
  });
}

function attemptList(attempts: Attempt[]): HTMLElement {
  if (attempts.length === 0) return create('p', { class: 'fine' }, 'None has been started.');
  return create(
    'ol',
    { class: 'attempts' },
    ...attempts.map(({ attemptId, attemptStatus, result, error }) =>
      create(
        'li',
        { class: 'card' },
        create('strong', {}, `Attempt ${attemptId}`),
        create('span', { class: 'tag' }, attemptStatus),
        create('span', {}, result?.livenessDecision ?? (error ? `${error.code}: ${error.message}` : '')),
      ),
    ),
  );
}

function auditList(service: Service, { session, entries, reports }: Detail): HTMLElement {
  if (entries.length === 0) return create('p', { class: 'fine' }, 'Nothing has been submitted.');
  const list = create('div', { class: 'entries' });
  const more = create('button', { type: 'button', click: () => void loadMore() }, 'Older entries');
  let last = '';
  const append = (page: AuditEntry[]): void => {
    list.append(
      ...page.map((entry) =>
        auditEntry(
          entry,
          reports.find(({ resultId }) => resultId === entry.requestId),
          (imageId) => service.getSessionImage(imageId),
        ),
      ),
    );
    last = String(page.at(-1)?.id ?? last);
    more.hidden = page.length < AUDIT_PAGE;
  };
  async function loadMore(): Promise<void> {
    more.disabled = true;
    append(await service.getAudit(session.kind, session.id, last));
    more.disabled = false;
  }
  append(entries);
  return create('div', { class: 'audit' }, list, more);
}
