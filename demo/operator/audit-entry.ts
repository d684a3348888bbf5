/** Shows one audit entry: the request, the response with the judge's reasons, and whether the digests match. */
import type { StoredReport } from '../common/contract.js';
import { digestComparison, singleDigest } from '../common/digests.js';
import { code, create, facts, time } from '../common/dom.js';
import { decisionMark } from './decision-mark.js';
import { evidenceView } from './evidence/evidence.js';
import type { AuditEntry } from './service.js';

/** @param reports what onboarding pages reported to the demo's back end; null if the service has no demo */
export function auditEntry(entry: AuditEntry, reports: StoredReport[] | null): HTMLElement {
  const { request, response } = entry;
  return create(
    'article',
    { class: 'card entry', 'data-request-id': entry.requestId },
    create(
      'header',
      {},
      create('h4', {}, `Entry ${entry.id}`),
      time(entry.receivedDateTime),
      create('span', { class: 'tag', 'data-status': String(response.statusCode) }, `HTTP ${response.statusCode}`),
      response.body.livenessDecision && decisionMark(response.body),
    ),
    evidenceView(response.body),
    digests(entry, reports),
    create(
      'div',
      { class: 'columns' },
      create(
        'div',
        {},
        create('h5', {}, 'Request'),
        facts({
          Call: code(`${request.method} ${request.url}`),
          Type: sent(request.contentType),
          Size: request.contentLength === undefined ? null : `${request.contentLength.toLocaleString()} bytes`,
          'User agent': request.userAgent || null,
          'Request id': code(entry.requestId),
          'Client’s id': sent(entry.clientRequestId),
          'Verify image': entry.verifyImageHash && code(entry.verifyImageHash),
        }),
      ),
      create(
        'div',
        {},
        create('h5', {}, `Response, after ${response.latencyInMilliseconds} ms`),
        create('p', { class: 'fine' }, ...sentWords(response.statusCode)),
        create('pre', { tabindex: '0' }, JSON.stringify(response.body, null, 2)),
      ),
    ),
  );
}

/** @returns null for empty text, which the audit stores for a field that was not sent */
function sent(text: string): HTMLElement | null {
  return text === '' ? null : code(text);
}

function digests({ sessionId, requestId, digest }: AuditEntry, reports: StoredReport[] | null): HTMLElement {
  const audited = { label: 'Computed by the service', digest };
  if (!reports)
    return singleDigest(
      audited,
      'Your back end has to compare this digest: the page reports its own to your back end, not to the service.',
    );
  // Both ids must match: a visitor can report any submission's id under their own session.
  const report = reports.find((one) => one.sessionId === sessionId && one.resultId === requestId);
  return digestComparison({ label: 'Reported by the onboarding page', digest: report?.digest ?? null }, audited);
}

/** Says how the stored response differs from the one that the client received. */
function sentWords(statusCode: number): (string | HTMLElement)[] {
  switch (statusCode) {
    case 204:
      return ['Kept in the audit only: the client was sent no body.'];
    case 200:
      return [
        'Kept in the audit. The client was sent all of it except ',
        code('reason'),
        ' and ',
        code('evidence'),
        '.',
      ];
    default:
      return ['The client was sent the same body.'];
  }
}
