/** The audit of a session, page by page, in the order in which the service keeps it. */
import type { StoredReport } from '../common/contract.js';
import { create } from '../common/dom.js';
import { auditEntry } from './audit-entry.js';
import { AUDIT_PAGE, type AuditEntry } from './service.js';

/**
 * @param firstPage at most `AUDIT_PAGE` entries
 * @param loadAfter fetches the page after the entry with that id
 */
export function auditList(
  firstPage: AuditEntry[],
  reports: StoredReport[],
  loadAfter: (lastId: string) => Promise<AuditEntry[]>,
  failed: (error: unknown) => void,
): HTMLElement {
  if (firstPage.length === 0) return create('p', { class: 'fine' }, 'Nothing has been submitted.');
  const list = create('div', { class: 'entries' });
  const more = create('button', { type: 'button', click: () => void loadMore().catch(failed) }, 'More entries');
  let lastId = '';
  const append = (page: AuditEntry[]): void => {
    // A visitor may name whatever submission in the report of their own session.
    const reportOf = (entry: AuditEntry) =>
      reports.find(({ sessionId, resultId }) => sessionId === entry.sessionId && resultId === entry.requestId);
    list.append(...page.map((entry) => auditEntry(entry, reportOf(entry))));
    lastId = String(page.at(-1)?.id ?? lastId);
    more.hidden = page.length < AUDIT_PAGE;
  };
  async function loadMore(): Promise<void> {
    more.disabled = true;
    try {
      append(await loadAfter(lastId));
    } finally {
      more.disabled = false;
    }
  }
  append(firstPage);
  return create('div', { class: 'audit' }, list, more);
}
