/**
 * Encodes what a judge behind HTTP is sent. The result is bytes, because they are signed and a retry sends the same
 * ones.
 */
import type { Submission } from '../judge.js';
import { JUDGE_PARTS, type SubmissionMessage } from './messages.js';

export interface Encoded {
  contentType: string;
  body: Uint8Array<ArrayBuffer>;
}

export function encodeSubmission(submission: Submission): Promise<Encoded> {
  const { manifest, challenge, sessionId, elapsedInMs, frames, verifyImage } = submission;
  const message: SubmissionMessage = { manifest, challenge, sessionId, elapsedInMs };
  const form = new FormData();
  form.append(JUDGE_PARTS.submission, new Blob([JSON.stringify(message)], { type: 'application/json' }));
  for (const { fileName, type, bytes } of frames) form.append(JUDGE_PARTS.frame, new Blob([bytes], { type }), fileName);
  if (verifyImage) appendVerifyImage(form, verifyImage);
  return encode(form);
}

export function encodeVerifyImage(image: Uint8Array): Promise<Encoded> {
  const form = new FormData();
  appendVerifyImage(form, image);
  return encode(form);
}

function appendVerifyImage(form: FormData, image: Uint8Array): void {
  form.append(JUDGE_PARTS.verifyImage, new Blob([new Uint8Array(image)]), JUDGE_PARTS.verifyImage);
}

async function encode(form: FormData): Promise<Encoded> {
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? '',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}
