/**
 * A judge in another process, reached over HTTP: a certified engine, a machine with a GPU, another language.
 * `docs/judges.md` has the protocol.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { HEADERS } from '../../../../src/protocol/wire.js';
import {
  JudgeBusy,
  SubmissionRefused,
  type Judge,
  type Judgement,
  type JudgeRequest,
  type VerifyImageExamination,
} from '../judge.js';
import { encodeSubmission, encodeVerifyImage, type Encoded } from './encode.js';
import { PATHS, refusedIn } from './messages.js';
import { flawOf, REQUEST_ID_HEADER, sign, SIGNATURE_HEADER } from './signature.js';

export interface HttpJudgeOptions {
  /** Such as `https://judge.example/v1`; the paths of the protocol are appended. */
  url: string;
  /** Shared with the judge, 32 characters or more. */
  secret: string;
  /** Whether the judge needs head turns for a decision. */
  activeMotion: boolean;
  /** Milliseconds for one try. */
  timeoutMs?: number;
  /** Milliseconds to wait before each retry; their number is the number of retries. */
  retryAfterMs?: readonly number[];
  now?: () => number;
}

const TIMEOUT_MS = 8_000;
const RETRY_AFTER_MS = [250, 1_000];
const MOST_ANSWER_BYTES = 1024 * 1024;
/** Statuses worth a retry: the judge, or a proxy in front of it, may be busy only for a moment. */
const REPEATABLE = [429, 502, 503, 504];

export function httpJudge(options: HttpJudgeOptions): Judge {
  const { url, secret, activeMotion, timeoutMs = TIMEOUT_MS, retryAfterMs = RETRY_AFTER_MS, now = Date.now } = options;

  /** Sends the question once. */
  async function send({ path, id, form, request }: Question, signal: AbortSignal): Promise<Answer> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': form.contentType,
        ...(request && { [HEADERS.requestId]: request.requestId }),
        [REQUEST_ID_HEADER]: id,
        [SIGNATURE_HEADER]: sign(secret, { direction: 'request', requestId: id, body: form.body }, now()),
      },
      body: form.body,
      // Pictures go only to the configured URL: a redirect is not followed but treated like any other unexpected
      // status.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const { status, headers } = response;
    const body = await readLimited(response);
    if (status !== 200 && status !== 422) {
      return { status, json: null, retryAfter: Number(headers.get('retry-after') ?? NaN) };
    }
    const signed = { direction: 'response', requestId: id, body } as const;
    const flaw = flawOf(secret, headers.get(SIGNATURE_HEADER), signed, now());
    if (flaw !== null) throw new Error(`The signature of the judge's answer ${flaw}`);
    return { status, json: JSON.parse(new TextDecoder().decode(body)) as unknown, retryAfter: NaN };
  }

  /** @returns an answer of status 200 or 422. @throws JudgeBusy; any other error means that the judge failed */
  async function ask(question: Question, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const pause = signal.aborted ? undefined : retryAfterMs[attempt];
      let failure: unknown;
      try {
        const answer = await send(question, signal);
        if (pause === undefined || !REPEATABLE.includes(answer.status)) return settled(answer);
        failure = statusError(answer);
      } catch (error) {
        if (pause === undefined || signal.aborted || !isNetworkFailure(error)) throw error;
        failure = error;
      }
      question.request?.onRetry(failure);
      await wait(pause, null, { signal });
    }
  }

  // The content of an answer is not checked here: the service does that for every judge (`judgement.ts`).
  return {
    requires: { activeMotion },
    async judge(submission, signal, request) {
      const form = await encodeSubmission(submission);
      const id = request?.submissionId === undefined ? randomUUID() : sha256(request.submissionId);
      const { status, json } = await ask({ path: PATHS.judgements, id, form, request }, signal);
      if (status !== 422) return json as Judgement;
      throw new SubmissionRefused(refusedIn(json) as SubmissionRefused['cause'], 'The judge cannot use this picture.');
    },
    async examineVerifyImage(image, signal, request) {
      const form = await encodeVerifyImage(image);
      const { json } = await ask({ path: PATHS.verifyImages, id: randomUUID(), form, request }, signal);
      return (refusedIn(json) ?? json) as VerifyImageExamination;
    },
  };
}

/** Hashes a submission id, because the client's content type in it may contain characters that a header must not. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex').toUpperCase();
}

interface Question {
  path: string;
  /** The request id: stays the same in every try, so that a judge can recognise a retry. */
  id: string;
  form: Encoded;
  request: JudgeRequest | undefined;
}

interface Answer {
  status: number;
  /** The body of a 200 or 422, otherwise null. */
  json: unknown;
  /** Seconds from `Retry-After`; NaN if the answer has none. */
  retryAfter: number;
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    // Leaving the loop cancels the stream.
    if (length > MOST_ANSWER_BYTES) throw new Error(`The judge's answer has more than ${MOST_ANSWER_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

function settled(answer: Answer): Answer {
  const { status, retryAfter } = answer;
  if (status === 200 || status === 422) return answer;
  if (status === 429 || status === 503) throw new JudgeBusy(retryAfter);
  throw statusError(answer);
}

function statusError({ status }: Answer): Error {
  return new Error(`The judge answered with status ${status}`);
}
