/** The page's calls to its own back end. The page has no key and calls no other server. */
import type { ErrorAnswer, Outcome, ResultReport, SessionAnswer, SessionRequest } from '../common/contract.js';

const DEADLINE_MS = 15_000;

/** The page's own back end refused or did not answer. `message` is written for the person who uses the page. */
export class BackEndError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const createSession = (request: SessionRequest) => post<SessionAnswer>('sessions', request);
export const reportResult = (report: ResultReport) => post<Outcome>('results', report);

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const response = await fetch(`demo/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => null);
  if (!response) throw new BackEndError('BackEndUnreachable', 'We cannot be reached right now. Please try again.');
  const answer = (await response.json().catch(() => null)) as (Answer & Partial<ErrorAnswer>) | null;
  if (response.ok && answer) return answer;
  throw refusal(response, answer?.error?.code);
}

function refusal(response: Response, code = `${response.status}`): BackEndError {
  // The back end answers 429 only if too many visitors have a session in progress.
  if (response.status !== 429) return new BackEndError(code, 'Something went wrong on our side. Please try again.');
  const minutes = Math.ceil(Number(response.headers.get('retry-after') ?? 60) / 60);
  const wait = minutes > 1 ? `${minutes} minutes` : 'a minute';
  return new BackEndError(code, `Too many people are here right now. Please try again in ${wait}.`);
}
