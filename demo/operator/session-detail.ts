/** Shows everything that the service has stored about one session. */
import type { StoredReport } from '../common/contract.js';
import { code, create, facts, tag, time } from '../common/dom.js';
import { auditEntry } from './audit-entry.js';
import { decisionMark } from './decision-mark.js';
import { askToDelete } from './delete-dialog.js';
import {
  OperatorError,
  type Attempt,
  type AuditEntry,
  type Service,
  type SessionImage,
  type SessionItem,
} from './service.js';
import { sessionImages } from './session-images.js';

export interface Detail {
  session: SessionItem;
  attempts: Attempt[];
  images: SessionImage[];
  entries: AuditEntry[];
  reports: StoredReport[] | null;
}

/** @throws OperatorError if a request fails; with status 404 if there is no such session */
export async function loadDetail(service: Service, id: string): Promise<Detail> {
  const session = (await service.findSessions(id)).find((found) => found.id === id);
  if (!session) throw new OperatorError(404, 'There is no such session: it was deleted, or its 48 hours are over.');
  const [attempts, images, entries, reports] = await Promise.all([
    service.getAttempts(session),
    service.getImages(session),
    service.getAudit(session),
    service.getReports(),
  ]);
  return { session, attempts, images, entries, reports };
}

/**
 * @param deleted called after the person has deleted the session
 * @param failed called with the error if that fails
 */
export function sessionDetail(
  service: Service,
  { session, attempts, images, entries, reports }: Detail,
  { deleted, failed }: { deleted: () => void; failed: (error: unknown) => void },
): HTMLElement {
  const remove = async (): Promise<void> => {
    if (!(await askToDelete(session.id))) return;
    await service.deleteSession(session);
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
      create('button', { type: 'button', class: 'small danger', click: () => void remove().catch(failed) }, 'Delete'),
    ),
    create('div', { class: 'card' }, sessionFacts(session)),
    create('h3', {}, 'Attempts'),
    attemptList(attempts),
    create('h3', {}, 'Pictures'),
    sessionImages(service, images, entries),
    create('h3', {}, 'Audit'),
    auditList(entries, reports),
  );
}

function sessionFacts(session: SessionItem): HTMLElement {
  const lifetime = session.authTokenTimeToLiveInSeconds;
  return facts({
    Kind: session.withVerify ? 'Liveness with verify image' : 'Liveness',
    'API version': session.apiVersion,
    Created: time(session.createdDateTime),
    Started: session.sessionStartDateTime ? time(session.sessionStartDateTime) : 'not yet',
    Token: `${lifetime ?? '?'} s${session.sessionExpired ? ', expired' : ''}`,
    Device: session.deviceCorrelationId && code(session.deviceCorrelationId),
  });
}

/** Explains the API's attempt statuses, which say nothing about the decision. */
const STATUSES: Record<string, string> = {
  Running: 'In progress',
  Succeeded: 'Pictures delivered, decision made',
  Failed: 'Ended without a decision',
  Canceled: 'Canceled',
};

function attemptList(attempts: Attempt[]): HTMLElement {
  if (attempts.length === 0) return create('p', { class: 'fine' }, 'No attempt has been started.');
  return create(
    'ol',
    { class: 'attempts' },
    ...attempts.map(({ attemptId, attemptStatus, result, error }) =>
      create(
        'li',
        { class: 'card' },
        create('strong', {}, `Attempt ${attemptId}`),
        create('span', {}, STATUSES[attemptStatus]),
        tag(code(attemptStatus)),
        result && decisionMark(result),
        error && tag(code(error.code)),
      ),
    ),
  );
}

/** @param reports null if the service has no demo, see `getReports` */
function auditList(entries: AuditEntry[], reports: StoredReport[] | null): HTMLElement {
  if (entries.length === 0) return create('p', { class: 'fine' }, 'Nothing has been submitted.');
  return create('div', { class: 'entries' }, ...entries.map((entry) => auditEntry(entry, reports)));
}
