/** Sends the body with XMLHttpRequest, because `fetch` cannot report upload progress. */
import { FailureError } from '../../src/protocol/failure.js';
import { contentDigest, digestHex, sha256 } from '../../src/protocol/digest.js';
import { failureOfResponse, REDIRECTED } from '../../src/protocol/service-failure.js';
import {
  HEADERS,
  LIVENESS_DECISIONS,
  type LivenessDecision,
  type LivenessResponseBody,
} from '../../src/protocol/wire.js';
import type { Receipt, Submission } from '../../src/protocol/worker-api.js';
import type { MultipartBody } from './multipart.js';

/** An upload that sends nothing for this long, or for a third of the deadline if that is longer, is given up. */
const STALL_MS = 20_000;

/** @throws FailureError if the service refuses, or the answer lacks the request id that a service gives */
export async function upload(
  { contentType, bytes }: MultipartBody,
  { url, token, clientRequestId, deadlineMs }: Submission,
  onProgress: (share: number) => void,
): Promise<Receipt> {
  const hash = await sha256(bytes);
  const request = new XMLHttpRequest();
  request.open('POST', url);
  request.timeout = deadlineMs;
  request.setRequestHeader('authorization', `Bearer ${token}`);
  request.setRequestHeader('content-type', contentType);
  request.setRequestHeader(HEADERS.clientRequestId, clientRequestId);
  request.setRequestHeader(HEADERS.contentDigest, contentDigest(hash));
  await sent(request, bytes, onProgress);

  // The bytes are already sent: a script cannot keep XMLHttpRequest from following a redirect, only `connect-src` can.
  if (request.responseURL !== new URL(url).href) throw new FailureError(REDIRECTED);

  if (request.status !== 200 && request.status !== 204) {
    throw new FailureError(
      failureOfResponse({
        status: request.status,
        header: (name) => request.getResponseHeader(name),
        text: request.responseText,
      }),
    );
  }
  const requestId = request.getResponseHeader(HEADERS.requestId);
  if (!requestId) {
    // Without it the back end could not find the audit entry. CORS hides the header if the service does not expose it.
    const message = `The answer with status ${request.status} has no ${HEADERS.requestId}: it does not come from a session service, or CORS hides that header`;
    throw new FailureError({ code: 'UnexpectedServerError', message, status: request.status });
  }
  return { requestId, digest: digestHex(hash), livenessDecision: decisionIn(request.responseText) };
}

/**
 * Null if the answer is not readable or contains no decision. That is no failure: the decision is for display only, and
 * the frames have arrived.
 */
function decisionIn(text: string): LivenessDecision | null {
  try {
    const body = JSON.parse(text) as LivenessResponseBody | null;
    return LIVENESS_DECISIONS.find((decision) => decision === body?.livenessDecision) ?? null;
  } catch {
    return null;
  }
}

function sent(request: XMLHttpRequest, bytes: Uint8Array<ArrayBuffer>, onProgress: (share: number) => void) {
  const stallMs = Math.max(STALL_MS, request.timeout / 3);
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<void>((resolve, reject) => {
    const fail = (code: 'ServiceUnreachable' | 'ServerRequestTimedOut', message: string) =>
      reject(new FailureError({ code, message }));
    const stall = () => {
      fail('ServerRequestTimedOut', `No data could be sent for ${stallMs} ms`);
      request.abort();
    };
    // The timer starts with the first progress event, because browsers fire none if a service worker handles the
    // request.
    request.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(timer);
      if (loaded < total) timer = setTimeout(stall, stallMs);
      onProgress(total > 0 ? loaded / total : 0);
    };
    // After the last byte, only the deadline counts: the service may take its time.
    request.upload.onload = () => clearTimeout(timer);
    request.onload = () => resolve();
    request.onerror = () =>
      fail(
        'ServiceUnreachable',
        'The frames could not be sent or the answer could not be read: there is no connection, or CORS or a policy forbids it',
      );
    request.ontimeout = () => fail('ServerRequestTimedOut', `No answer within ${request.timeout} ms`);
    request.send(bytes);
  }).finally(() => clearTimeout(timer));
}
