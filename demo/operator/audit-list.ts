/** The audit of a session, in the order in which the service keeps it. */
import type { StoredReport } from '../common/contract.js';
import { create } from '../common/dom.js';
import { auditEntry } from './audit-entry.js';
import type { AuditEntry } from './service.js';

export function auditList(entries: AuditEntry[], reports: StoredReport[]): HTMLElement {
  if (entries.length === 0) return create('p', { class: 'fine' }, 'Nothing has been submitted.');
  // A visitor may name whatever submission in the report of their own session.
  const reportOf = (entry: AuditEntry) =>
    reports.find(({ sessionId, resultId }) => sessionId === entry.sessionId && resultId === entry.requestId);
  return create('div', { class: 'entries' }, ...entries.map((entry) => auditEntry(entry, reportOf(entry))));
}
