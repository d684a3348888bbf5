/** A judge somewhere else: a certified engine, a machine with a GPU, another language. `docs/judges.md` has the protocol. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { JudgeBusy, type Judge, type Judgement, type Submission } from '../judge.js';
import { JUDGE_PARTS, PATHS, readExaminationMessage, readRefusal, type SubmissionMessage } from './messages.js';
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
const MOST_ANSWER_BYTES = 1024 * 1024;
/** No last word: the judge is busy, or something before it is. */
const REPEATABLE = [429, 502, 503, 504];

export function httpJudge(options: HttpJudgeOptions): Judge {
  const { url, secret, activeMotion, timeoutMs = TIMEOUT_MS, retryAfterMs = RETRY_AFTER_MS, now = Date.now } = options;

  /** One try. */
  async function send(path: string, requestId: string, form: Encoded, signal: AbortSignal): Promise<Answer> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': form.contentType,
        [REQUEST_ID_HEADER]: requestId,
        [SIGNATURE_HEADER]: sign(secret, { direction: 'request', requestId, body: form.body }, now()),
      },
      body: form.body,
      // Pictures go where the configuration says and nowhere else: a redirect is an answer like any other.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const { status, headers } = response;
    const body = await readLimited(response);
    if (status !== 200 && status !== 422) {
      return { status, json: null, retryAfter: Number(headers.get('retry-after') ?? NaN) };
    }
    if (!isSignedBy(secret, headers.get(SIGNATURE_HEADER), { direction: 'response', requestId, body }, now())) {
      throw new Error('The answer of the judge is not signed with the shared secret');
    }
    return { status, json: JSON.parse(new TextDecoder().decode(body)) as unknown, retryAfter: NaN };
  }

  /**
   * The request id stays the same, so that a judge can tell a repetition.
   *
   * @returns an answer of status 200 or 422. @throws JudgeBusy; any other error says that the judge failed
   */
  async function ask(path: string, form: Encoded, signal: AbortSignal): Promise<Answer> {
    const requestId = randomUUID();
    for (let attempt = 0; ; attempt++) {
      const pause = signal.aborted ? undefined : retryAfterMs[attempt];
      try {
        const answer = await send(path, requestId, form, signal);
        if (pause === undefined || !REPEATABLE.includes(answer.status)) return settled(answer);
      } catch (error) {
        if (pause === undefined || signal.aborted || !isNetworkFailure(error)) throw error;
      }
      await wait(pause, null, { signal });
    }
  }

  return {
    requires: { activeMotion },
    async judge(submission, signal) {
      const { status, json } = await ask(PATHS.judgements, await encodeSubmission(submission), signal);
      if (status === 422) throw readRefusal(json, submission);
      // Whether it is one the service sees, of every judge.
      return json as Judgement;
    },
    async examineVerifyImage(image, signal) {
      const form = new FormData();
      form.append(JUDGE_PARTS.verifyImage, new Blob([new Uint8Array(image)]), JUDGE_PARTS.verifyImage);
      return readExaminationMessage((await ask(PATHS.verifyImages, await encode(form), signal)).json);
    },
  };
}

interface Encoded {
  contentType: string;
  body: Uint8Array<ArrayBuffer>;
}

interface Answer {
  status: number;
  /** Of 200 and 422: their body. */
  json: unknown;
  /** Seconds; NaN where it says none. */
  retryAfter: number;
}

/** Encoded once: a repetition sends the same bytes. */
function encodeSubmission({ manifest, challenge, sessionId, elapsedInMs, frames, verifyImage }: Submission) {
  const message: SubmissionMessage = { manifest, challenge, sessionId, elapsedInMs };
  const form = new FormData();
  form.append(JUDGE_PARTS.submission, new Blob([JSON.stringify(message)], { type: 'application/json' }));
  for (const { fileName, type, bytes } of frames) form.append(JUDGE_PARTS.frame, new Blob([bytes], { type }), fileName);
  if (verifyImage) {
    form.append(JUDGE_PARTS.verifyImage, new Blob([new Uint8Array(verifyImage)]), JUDGE_PARTS.verifyImage);
  }
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

function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

function settled(answer: Answer): Answer {
  const { status, retryAfter } = answer;
  if (status === 200 || status === 422) return answer;
  if (status === 429 || status === 503) throw new JudgeBusy(retryAfter);
  throw new Error(`The judge answered with status ${status}`);
}
