/** One audit entry: what was asked, what was answered and why, and whether the digests agree. */
import type { StoredReport } from '../common/contract.js';
import { digestComparison } from '../common/digests.js';
import { code, create, facts, time } from '../common/dom.js';
import { evidenceView } from './evidence/evidence.js';
import type { AuditEntry } from './service.js';

/** @param report what the onboarding page told its back end about this submission, if it did. */
export function auditEntry(entry: AuditEntry, report: StoredReport | undefined): HTMLElement {
  const { request, response } = entry;
  return create(
    'article',
    { class: 'card entry', 'data-request-id': entry.requestId },
    create(
      'header',
      {},
      create('h3', {}, `Entry ${entry.id}`),
      time(entry.receivedDateTime),
      create('span', { class: 'tag', 'data-status': String(response.statusCode) }, `HTTP ${response.statusCode}`),
      response.body.livenessDecision && create('span', { class: 'tag' }, response.body.livenessDecision),
    ),
    evidenceView(response.body),
    digestComparison(
      { label: 'Reported by the onboarding page', digest: report?.digest ?? null },
      { label: 'Computed by the service', digest: entry.digest },
    ),
    create(
      'div',
      { class: 'columns' },
      create(
        'div',
        {},
        create('h4', {}, 'Request'),
        facts({
          Call: code(`${request.method} ${request.url}`),
          Type: code(request.contentType),
          Size: request.contentLength === undefined ? null : `${request.contentLength.toLocaleString()} bytes`,
          'User agent': request.userAgent,
          'Request id': code(entry.requestId),
          'Client’s id': code(entry.clientRequestId),
          'Verify image': entry.verifyImageHash && code(entry.verifyImageHash),
        }),
      ),
      create(
        'div',
        {},
        create('h4', {}, `Response, after ${response.latencyInMilliseconds} ms`),
        create('pre', { tabindex: '0' }, JSON.stringify(response.body, null, 2)),
      ),
    ),
  );
}
