/**
 * Parses the body of a liveness call into what the judge is given. The caller has computed the body's digest before.
 */
import { parseDictionary, type Dictionary } from 'structured-headers';
import { contentDigest } from '../../../../src/protocol/digest.js';
import { PARTS, type CaptureManifest } from '../../../../src/protocol/wire.js';
import type { SubmittedFrame } from '../../judge/judge.js';
import { parseJson } from '../body/read.js';
import { errors } from '../errors.js';
import type { Limits } from '../limits.js';
import { parseMultipart, type Part } from '../body/multipart.js';
import { captureManifest } from '../schemas/client.js';
import { parse } from '../schemas/parse.js';

/** The element needs about one kilobyte to describe a frame. */
const MANIFEST_BYTES_PER_FRAME = 4096;

export interface ParsedSubmission {
  manifest: CaptureManifest;
  /** In the manifest's order. */
  frames: SubmittedFrame[];
  verifyImage: Uint8Array<ArrayBuffer> | null;
}

/**
 * @param header Content-Digest of the request; null if the client sent none, which leaves nothing to compare
 * @throws 400 DigestMismatch if the client's SHA-256 is not `hash`, InvalidContentDigest if the header cannot be read
 */
export function checkContentDigest(header: string | null, hash: Uint8Array): void {
  const claimed = sha256In(header ?? '');
  if (claimed && contentDigest(claimed) !== contentDigest(hash)) throw errors.digestMismatch();
}

/** @returns null if the header has no SHA-256; other algorithms are ignored */
function sha256In(header: string): Uint8Array | null {
  const member = dictionaryIn(header).get('sha-256');
  if (!member) return null;
  const [value] = member;
  if (!(value instanceof ArrayBuffer)) throw errors.invalidContentDigest();
  return new Uint8Array(value);
}

/**
 * RFC 9651 §4.2 allows ignoring or refusing a malformed header. It is refused, because a client that states a digest
 * wants it compared.
 *
 * @throws 400 if the header is malformed
 */
function dictionaryIn(header: string): Dictionary {
  try {
    return parseDictionary(header);
  } catch {
    throw errors.invalidContentDigest();
  }
}

/** @throws 400 unless the body is a manifest and exactly the frames it lists, in its order; 413 if its manifest is too long */
export function parseSubmission(body: Uint8Array<ArrayBuffer>, contentType: string, limits: Limits): ParsedSubmission {
  // Two more than the frames: the manifest and the verify image.
  const [first, ...rest] = parseMultipart(body, contentType, limits.frames + 2);
  if (first?.name !== PARTS.manifest) throw errors.invalidRequestBody(PARTS.manifest);
  if (first.body.length > limits.frames * MANIFEST_BYTES_PER_FRAME) throw errors.bodyTooLarge();
  const manifest = parse(captureManifest, parseJson(first.body), PARTS.manifest);

  const frames = rest.filter(({ name }) => name === PARTS.frame);
  const verifyImages = rest.filter(({ name }) => name === PARTS.verifyImage);
  const unknown = rest.findIndex((part) => !frames.includes(part) && part !== verifyImages[0]);
  if (unknown !== -1) throw errors.invalidRequestBody(`parts[${unknown + 1}]`);
  if (manifest.frames.length > limits.frames) throw errors.invalidRequestBody(`${PARTS.manifest}.frames`);
  const misfit = firstMisfit(frames, manifest);
  if (misfit !== -1) throw errors.invalidRequestBody(`${PARTS.frame}[${misfit}]`);
  if (frames.some((frame) => frame.body.length > limits.frameBytes)) throw errors.imageTooBig();
  return { manifest, frames: frames.map(submittedFrame), verifyImage: verifyImages[0]?.body ?? null };
}

/**
 * @returns the first index where frames and manifest differ, one of them ends, or a name is repeated; -1 if there is
 * none
 */
function firstMisfit(frames: Part[], manifest: CaptureManifest): number {
  const names = frames.map(({ fileName }) => fileName);
  const listed: (string | null)[] = manifest.frames.map(({ fileName }) => fileName);
  const longer = names.length > listed.length ? names : listed;
  return longer.findIndex((name, index) => names[index] !== listed[index] || names.indexOf(name) < index);
}

function submittedFrame({ fileName, type, body }: Part): SubmittedFrame {
  return { fileName: fileName ?? '', type, bytes: body };
}
