/** A judge somewhere else: a certified engine, a machine with a GPU, another language. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { JudgeBusy, SubmissionRefused, type Judge, type Submission } from '../judge.js';
import { JUDGE_PARTS, PATHS, readExamination, readJudgement, readRefusal, type SubmissionMessage } from './messages.js';
import { isSignedBy, REQUEST_ID_HEADER, sign, SIGNATURE_HEADER } from './signature.js';

export interface HttpJudgeOptions {
  /** Such as `https://judge.example/v1`; the paths are added. */
  url: string;
  /** Shared with the judge, 32 characters or more. */
  secret: string;
  /** Whether its decisions need head turns. */
  activeMotion: boolean;
  /** Milliseconds for one try. */
  timeoutMs?: number;
  /** Milliseconds before each further try. */
  retryAfterMs?: readonly number[];
  now?: () => number;
}

const TIMEOUT_MS = 8_000;
const RETRY_AFTER_MS = [250, 1_000];
const BUSY_SECONDS = 5;
const MOST_ANSWER_BYTES = 1024 * 1024;

export function httpJudge(options: HttpJudgeOptions): Judge {
  const { url, secret, activeMotion, timeoutMs = TIMEOUT_MS, retryAfterMs = RETRY_AFTER_MS, now = Date.now } = options;

  /** One try. @returns the status and, of 200 and 422, the body, which is signed. */
  async function send(path: string, requestId: string, form: Encoded, signal: AbortSignal): Promise<Answer> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': form.contentType,
        [REQUEST_ID_HEADER]: requestId,
        [SIGNATURE_HEADER]: sign(secret, { requestId, body: form.body }, now()),
      },
      body: form.body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const { status, headers } = response;
    const body = await readLimited(response);
    if (status !== 200 && status !== 422) return { status, json: null };
    if (!isSignedBy(secret, headers.get(SIGNATURE_HEADER), { requestId, body }, now())) {
      throw new Error('The answer of the judge is not signed with the shared secret');
    }
    return { status, json: JSON.parse(new TextDecoder().decode(body)) as unknown };
  }

  /** The request id stays the same, so that a judge can tell a repetition. */
  async function ask(path: string, form: Encoded, signal: AbortSignal): Promise<unknown> {
    const requestId = randomUUID();
    for (let attempt = 0; ; attempt++) {
      const answer = await send(path, requestId, form, signal).catch((error: unknown) => error);
      const pause = retryAfterMs[attempt];
      if (pause === undefined || signal.aborted || !canBeRepeated(answer)) return settled(answer);
      await wait(pause, null, { signal });
    }
  }

  return {
    requires: { activeMotion },
    async judge(submission, signal) {
      return readJudgement(await ask(PATHS.judgements, await encodeSubmission(submission), signal), submission);
    },
    async examineVerifyImage(image, signal) {
      const form = new FormData();
      form.append(JUDGE_PARTS.verifyImage, new Blob([new Uint8Array(image)]), 'verify-image');
      try {
        return readExamination(await ask(PATHS.verifyImages, await encode(form), signal));
      } catch (error) {
        if (error instanceof SubmissionRefused && typeof error.cause === 'string') return error.cause;
        throw error;
      }
    },
  };
}

interface Encoded {
  contentType: string;
  body: Uint8Array<ArrayBuffer>;
}

interface Answer {
  status: number;
  json: unknown;
}

/** Encoded once: a repetition sends the same bytes. */
function encodeSubmission({ manifest, challenge, sessionId, elapsedInMs, frames, verifyImage }: Submission) {
  const message: SubmissionMessage = { manifest, challenge, sessionId, elapsedInMs };
  const form = new FormData();
  form.append(JUDGE_PARTS.submission, new Blob([JSON.stringify(message)], { type: 'application/json' }));
  for (const { fileName, type, bytes } of frames) form.append(JUDGE_PARTS.frame, new Blob([bytes], { type }), fileName);
  if (verifyImage) form.append(JUDGE_PARTS.verifyImage, new Blob([new Uint8Array(verifyImage)]), 'verify-image');
  return encode(form);
}

async function encode(form: FormData): Promise<Encoded> {
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? '',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    // Leaving the loop cancels the stream.
    if (length > MOST_ANSWER_BYTES) throw new Error('The answer of the judge is too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** No answer, or one that says that it is not this judge's last word. */
function canBeRepeated(outcome: unknown): boolean {
  return isAnswer(outcome) ? [429, 502, 503, 504].includes(outcome.status) : isNetworkFailure(outcome);
}

function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

function isAnswer(outcome: unknown): outcome is Answer {
  return typeof outcome === 'object' && outcome !== null && 'status' in outcome && 'json' in outcome;
}

/** @returns the body of a 200. @throws otherwise */
function settled(outcome: unknown): unknown {
  if (!isAnswer(outcome)) throw outcome;
  const { status, json } = outcome;
  if (status === 200) return json;
  if (status === 422) throw new SubmissionRefused(readRefusal(json).refused, 'The judge cannot look at the pictures.');
  if (status === 429 || status === 503) throw new JudgeBusy(BUSY_SECONDS);
  throw new Error(`The judge answered with status ${status}`);
}
