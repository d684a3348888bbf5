/**
 * The other end of `http-judge.ts`: serves any judge over HTTP, by the protocol in `docs/judges.md`. The handler takes
 * a `Request` and returns a `Response`, and is small enough to read as an example.
 */
import { JudgeBusy, SubmissionRefused, type Judge, type Submission, type SubmittedFrame } from '../../judge.js';
import { JUDGE_PARTS, PATHS, type SubmissionMessage } from '../messages.js';
import { isSignedBy, REQUEST_ID_HEADER, sign, SIGNATURE_HEADER, TOLERANCE_SECONDS } from '../signature.js';

export interface JudgeHandlerOptions {
  judge: Required<Pick<Judge, 'judge' | 'examineVerifyImage'>>;
  secret: string;
  /** The new secret, while the secret is being replaced. Requests signed with it get responses signed with it. */
  nextSecret?: string | undefined;
  now?: () => number;
}

const DEADLINE_MS = 7_000;
/**
 * As long as a signature may be valid, made by a clock that is ahead: until then, anyone who overheard a request could
 * send it again.
 */
const REMEMBERED_MS = 2 * TOLERANCE_SECONDS * 1000;
const MOST_REMEMBERED = 10_000;

/** An answer before its body is signed. */
interface Answer {
  status: 200 | 422;
  json: unknown;
}

export function judgeHandler({ judge, secret, nextSecret, now = Date.now }: JudgeHandlerOptions) {
  const secrets = nextSecret === undefined ? [secret] : [secret, nextSecret];
  const answers = new Map<string, { answer: Promise<Answer>; at: number }>();

  /** Gives a repeated request id the answer to the first request, even if that is still pending. */
  function once(requestId: string, work: () => Promise<Answer>): Promise<Answer> {
    for (const [id, { at }] of answers) {
      if (at > now() - REMEMBERED_MS && answers.size < MOST_REMEMBERED) break;
      answers.delete(id);
    }
    const known = answers.get(requestId);
    if (known) return known.answer;
    const answer = work();
    answers.set(requestId, { answer, at: now() });
    // Forget a failed request, so that a retry may succeed.
    answer.catch(() => answers.delete(requestId));
    return answer;
  }

  async function answerTo(path: string, request: Request): Promise<Answer> {
    const form = await request.formData();
    const signal = AbortSignal.timeout(DEADLINE_MS);
    if (path.endsWith(PATHS.verifyImages)) {
      const found = await judge.examineVerifyImage(await bytesOf(form.get(JUDGE_PARTS.verifyImage)), signal);
      return { status: 200, json: typeof found === 'string' ? { refused: found } : found };
    }
    try {
      return { status: 200, json: await judge.judge(await submissionOf(form), signal) };
    } catch (error) {
      if (error instanceof SubmissionRefused) return { status: 422, json: { refused: error.cause } };
      throw error;
    }
  }

  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const known = Object.values(PATHS).some((path) => pathname.endsWith(path));
    if (request.method !== 'POST' || !known) return new Response(null, { status: 404 });
    const body = new Uint8Array(await request.arrayBuffer());
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? '';
    const signature = request.headers.get(SIGNATURE_HEADER);
    // Check the signature before anything is parsed.
    const shared = secrets.find((one) => isSignedBy(one, signature, { direction: 'request', requestId, body }, now()));
    if (shared === undefined) return new Response(null, { status: 401 });
    try {
      const parsed = new Request(request.url, { method: 'POST', headers: request.headers, body });
      const { status, json } = await once(requestId, () => answerTo(pathname, parsed));
      const answer = new TextEncoder().encode(JSON.stringify(json));
      return new Response(answer, {
        status,
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: sign(shared, { direction: 'response', requestId, body: answer }, now()),
        },
      });
    } catch (error) {
      if (!(error instanceof JudgeBusy)) return new Response(null, { status: 500 });
      return new Response(null, { status: 503, headers: { 'retry-after': String(error.retryAfterSeconds) } });
    }
  };
}

async function submissionOf(form: FormData): Promise<Submission> {
  const message = form.get(JUDGE_PARTS.submission);
  const image = form.get(JUDGE_PARTS.verifyImage);
  const frames = form.getAll(JUDGE_PARTS.frame).map(async (part): Promise<SubmittedFrame> => {
    if (!(part instanceof File)) throw new TypeError('A frame is not a file');
    return { fileName: part.name, type: part.type, bytes: await bytesOf(part) };
  });
  return {
    ...(JSON.parse(message instanceof Blob ? await message.text() : (message ?? '')) as SubmissionMessage),
    frames: await Promise.all(frames),
    verifyImage: image === null ? null : await bytesOf(image),
  };
}

async function bytesOf(part: File | string | null): Promise<Uint8Array<ArrayBuffer>> {
  if (!(part instanceof Blob)) throw new TypeError('A picture is missing');
  return new Uint8Array(await part.arrayBuffer());
}
