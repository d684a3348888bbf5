/** Session images: the frames of a submission, kept if the session asks for it. */
import type { Insertable, Selectable } from 'kysely';
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import { formatOf } from '../../../../src/protocol/image-format.js';
import type { SessionImageTable } from '../../database/schema.js';
import type { Submission } from '../../judge/judge.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import { newestExpired } from './sessions.js';

export type SessionImage = Selectable<SessionImageTable>;
export type NewSessionImage = Omit<Insertable<SessionImageTable>, 'session_id' | 'attempt_id'>;

/** One image for every frame of the submission. */
export function sessionImages({ manifest, frames }: Submission): NewSessionImage[] {
  return manifest.frames.flatMap((listed, index) => {
    const frame = frames[index];
    if (!frame) return [];
    return {
      id: crypto.randomUUID(),
      file_name: listed.fileName,
      // Determined from the bytes, never from what the client says.
      content_type: imageTypeOf(frame.bytes) ?? 'application/octet-stream',
      time_offset_ms: listed.timeOffsetInMs,
      step: listed.step,
      face_rectangle: JSON.stringify(listed.faceRectangle),
      bytes: frame.bytes,
    };
  });
}

/** @returns the frames kept for a session, without their bytes, in the order of attempts and capture */
export async function listSessionImages({ database }: ServiceContext, sessionId: string) {
  const images = await database
    .selectFrom('session_image')
    .select(['id', 'attempt_id', 'file_name', 'step', 'time_offset_ms', 'face_rectangle'])
    .where('session_id', '=', sessionId)
    .orderBy('attempt_id')
    .orderBy('file_name')
    .execute();
  return images.map((image) => ({
    sessionImageId: image.id,
    attemptId: image.attempt_id,
    fileName: image.file_name,
    step: image.step,
    timeOffsetInMs: image.time_offset_ms,
    faceRectangle: JSON.parse(image.face_rectangle) as FaceRectangle,
  }));
}

/** @throws 404 if there is no such image, or its session has expired */
export async function findSessionImage(context: ServiceContext, id: string): Promise<SessionImage> {
  const image = await context.database
    .selectFrom('session_image')
    .innerJoin('session', 'session.id', 'session_image.session_id')
    .selectAll('session_image')
    .where('session_image.id', '=', id)
    .where('session.created_at', '>', newestExpired(context))
    .executeTakeFirst();
  if (!image) throw errors.sessionImageNotFound();
  return image;
}

/** The media type according to the first bytes; null if the format is not accepted. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const format = formatOf(bytes);
  return format && `image/${format}`;
}
