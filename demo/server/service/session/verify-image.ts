/**
 * The image that a session compares faces with: set by the back end at creation or, failing that, sent by the client.
 */
import type { Insertable } from 'kysely';
import { digestHex, sha256 } from '../../../../src/protocol/digest.js';
import type { VerifyImageTable } from '../../database/schema.js';
import type { VerifyImageFace } from '../../judge/judge.js';
import { readExamination } from '../../judge/judgement.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import { askJudge, unusableVerifyImage } from './decide.js';
import { imageTypeOf } from './images.js';
import type { Session } from './sessions.js';

export interface NewVerifyImage extends Omit<Insertable<VerifyImageTable>, 'session_id' | 'face_rectangle'> {
  /** Null if the judge did not examine the image. */
  face: VerifyImageFace | null;
}

/** @throws 400 InvalidImageSize or InvalidImage */
export async function examineVerifyImage(
  context: ServiceContext,
  requestId: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<NewVerifyImage> {
  const type = checkVerifyImage(context, bytes);
  // A judge without `examineVerifyImage` leaves the image unexamined.
  const face = await askJudge(context, { requestId }, async (judge, signal, request) =>
    judge.examineVerifyImage ? readExamination(await judge.examineVerifyImage(bytes, signal, request)) : null,
  );
  if (typeof face === 'string') throw unusableVerifyImage(face);
  return {
    content_type: type,
    hash: digestHex(await sha256(bytes)),
    quality_for_recognition: face?.qualityForRecognition ?? null,
    face,
    bytes,
  };
}

/** @returns the media type according to the first bytes. @throws 400 InvalidImageSize or InvalidImage */
function checkVerifyImage({ limits }: ServiceContext, bytes: Uint8Array): string {
  if (bytes.length < limits.verifyImageBytes.min) throw errors.imageTooSmall();
  if (bytes.length > limits.verifyImageBytes.max) throw errors.imageTooBig();
  const type = imageTypeOf(bytes);
  if (type === null) throw errors.invalidImage();
  return type;
}

/**
 * @returns null for a session without verify
 * @throws 400 if there is no image to compare with, or a second one
 */
export async function verifyImageOf(
  context: ServiceContext,
  session: Session,
  fromClient: Uint8Array<ArrayBuffer> | null,
): Promise<Pick<VerifyImageTable, 'bytes' | 'hash'> | null> {
  if (!session.with_verify) {
    if (fromClient) throw errors.verifyImageNotAllowed();
    return null;
  }
  const stored = await findVerifyImage(context, session.id);
  if (stored && fromClient) throw errors.verifyImageNotAllowed();
  // The two database drivers return bytes as different classes.
  if (stored) return { hash: stored.hash, bytes: new Uint8Array(stored.bytes) };
  if (!fromClient) throw errors.verifyImageNotProvided();
  checkVerifyImage(context, fromClient);
  return { bytes: fromClient, hash: digestHex(await sha256(fromClient)) };
}

function findVerifyImage({ database }: ServiceContext, sessionId: string) {
  return database
    .selectFrom('verify_image')
    .select(['bytes', 'hash'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
}

/** @returns null if there is no image, or the judge did not look for a face in it */
export async function findVerifyFace({ database }: ServiceContext, sessionId: string): Promise<VerifyImageFace | null> {
  const row = await database
    .selectFrom('verify_image')
    .select(['face_rectangle', 'quality_for_recognition'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (!row || row.face_rectangle === null || row.quality_for_recognition === null) return null;
  return {
    faceRectangle: JSON.parse(row.face_rectangle) as VerifyImageFace['faceRectangle'],
    qualityForRecognition: row.quality_for_recognition,
  };
}
