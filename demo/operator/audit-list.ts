/** The audit of a session, in the order of the service. */
import type { StoredReport } from '../common/contract.js';
import { create } from '../common/dom.js';
import { auditEntry } from './audit-entry.js';
import type { AuditEntry } from './service.js';

/** @param reports null if there is no demo here, see `getReports`. */
export function auditList(entries: AuditEntry[], reports: StoredReport[] | null): HTMLElement {
  if (entries.length === 0) return create('p', { class: 'fine' }, 'Nothing has been submitted.');
  return create('div', { class: 'entries' }, ...entries.map((entry) => auditEntry(entry, reports)));
}
