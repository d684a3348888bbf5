/** Analyses the pixels of a submission, all in one pass. Runs in a thread of its own. */
import type { UnusableVerifyImage, VerifyImageExamination } from '../judge.js';
import type { Analysis, VerifyFacts } from './analysis.js';
import { changeSince } from './change.js';
import { checkHeader, FRAME_RULES, VERIFY_IMAGE_RULES } from './decode.js';
import { seeFrame, type Models, type SeenFrame } from './frame.js';
import { qualityForRecognition } from './quality.js';
import { ImageRefusal, type ImageRefusalCode } from './refusal.js';
import { isSamePicture } from './same-picture.js';

export interface AnalysisRequest {
  frames: { fileName: string; bytes: Uint8Array }[];
  verifyImage: Uint8Array | null;
}

export type AnalysisOutcome =
  Analysis | { refusedFrame: string; code: ImageRefusalCode } | { refusedVerifyImage: UnusableVerifyImage };

/** Decodes one frame after the other, so that at most one decoded picture is in memory. */
export async function analyse({ frames, verifyImage }: AnalysisRequest, models: Models): Promise<AnalysisOutcome> {
  const seen: (SeenFrame & { fileName: string })[] = [];
  let fileName = '';
  try {
    // Check all headers first: if the last frame is refused, no time is spent on the frames before it.
    for (const frame of frames) {
      ({ fileName } = frame);
      await checkHeader(frame.bytes, FRAME_RULES);
    }
    if (verifyImage && (await unlessRefused(checkHeader(verifyImage, VERIFY_IMAGE_RULES))) === 'undecodable') {
      return { refusedVerifyImage: 'undecodable' };
    }
    for (const frame of frames) {
      ({ fileName } = frame);
      seen.push({ fileName, ...(await seeFrame(frame.bytes, FRAME_RULES, models)) });
    }
  } catch (error) {
    if (error instanceof ImageRefusal) return { refusedFrame: fileName, code: error.code };
    throw error;
  }
  const [first] = seen;
  const verify = verifyImage && (await seeVerifyImage(verifyImage, models));
  if (typeof verify === 'string') return { refusedVerifyImage: verify };
  return {
    frames: seen.map(({ fileName, facts, reduced, reducedFace }) => ({
      fileName,
      ...facts,
      change: first && reducedFace ? changeSince(first.reduced, reduced, reducedFace) : null,
    })),
    samePictures: seen.flatMap((a, i) =>
      seen.flatMap((b, j): [number, number][] => (i < j && isSamePicture(a.reduced, b.reduced) ? [[i, j]] : [])),
    ),
    verify,
  };
}

export async function examineVerifyImage(bytes: Uint8Array, models: Models): Promise<VerifyImageExamination> {
  const verify = await seeVerifyImage(bytes, models);
  return typeof verify === 'string' ? verify : verify.image;
}

async function seeVerifyImage(bytes: Uint8Array, models: Models): Promise<VerifyFacts | UnusableVerifyImage> {
  const seen = await unlessRefused(seeFrame(bytes, VERIFY_IMAGE_RULES, models));
  if (seen === 'undecodable') return seen;
  const { face, faceCount } = seen.facts;
  if (!face) return 'noFace';
  if (faceCount > 1) return 'severalFaces';
  return {
    image: { faceRectangle: face.rectangle, qualityForRecognition: qualityForRecognition(face) },
    identity: face.identity,
  };
}

/** Any refusal of a verify image is reported as `undecodable`: the API has no finer error for it. */
async function unlessRefused<Seen>(looking: Promise<Seen>): Promise<Seen | 'undecodable'> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ImageRefusal) return 'undecodable';
    throw error;
  }
}
