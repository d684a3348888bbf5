/** Pictures that outlive their request: the image to compare with and, where a session asks for it, the frames. */
import type { Insertable, Selectable } from 'kysely';
import { digestHex, sha256 } from '../../../../src/protocol/digest.js';
import type { SessionImageTable, VerifyImageTable } from '../../database/schema.js';
import type { Submission } from '../../judge/judge.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import type { Limits } from '../limits.js';
import type { Session } from './sessions.js';

export type SessionImage = Selectable<SessionImageTable>;
export type NewSessionImage = Omit<Insertable<SessionImageTable>, 'session_id' | 'attempt_id'>;

/** One for every frame of the submission. */
export function sessionImages({ manifest, frames }: Submission): NewSessionImage[] {
  return manifest.frames.flatMap((listed, index) => {
    const frame = frames[index];
    if (!frame) return [];
    return {
      id: crypto.randomUUID(),
      file_name: listed.fileName,
      // Never the client's word: these bytes are served again.
      content_type: imageTypeOf(frame.bytes) ?? 'application/octet-stream',
      time_offset_ms: listed.timeOffsetInMs,
      step: listed.step,
      face_rectangle: JSON.stringify(listed.faceRectangle),
      bytes: frame.bytes,
    };
  });
}

/** @throws 404 if there is none, or its session is past its life */
export async function findSessionImage(context: ServiceContext, id: string): Promise<SessionImage> {
  const image = await context.database
    .selectFrom('session_image')
    .innerJoin('session', 'session.id', 'session_image.session_id')
    .selectAll('session_image')
    .where('session_image.id', '=', id)
    .where('session.created_at', '>', context.now() - context.limits.sessionLifetimeMs)
    .executeTakeFirst();
  if (!image) throw errors.sessionImageNotFound();
  return image;
}

/**
 * The image to compare with: set at creation, or brought by the client where it was not.
 *
 * @returns null for a session without verify
 * @throws 400 if there is none, or two
 */
export async function verifyImageOf(
  { database, limits }: ServiceContext,
  session: Session,
  fromClient: Uint8Array<ArrayBuffer> | null,
): Promise<Pick<VerifyImageTable, 'bytes' | 'hash'> | null> {
  const stored = session.with_verify
    ? await database
        .selectFrom('verify_image')
        .select(['bytes', 'hash'])
        .where('session_id', '=', session.id)
        .executeTakeFirst()
    : undefined;
  if (fromClient && (stored || !session.with_verify)) throw errors.verifyImageNotAllowed();
  // The two databases hand out bytes in different wrappings.
  if (stored) return { hash: stored.hash, bytes: new Uint8Array(stored.bytes) };
  if (!session.with_verify) return null;
  if (!fromClient) throw errors.verifyImageNotProvided();
  checkVerifyImage(fromClient, limits);
  return { bytes: fromClient, hash: digestHex(await sha256(fromClient)) };
}

/** @throws 400 InvalidImageSize or InvalidImage */
export function checkVerifyImage(bytes: Uint8Array, { verifyImageBytes }: Limits): string {
  if (bytes.length < verifyImageBytes.min) throw errors.imageTooSmall();
  if (bytes.length > verifyImageBytes.max) throw errors.imageTooBig();
  const type = imageTypeOf(bytes);
  if (type === null) throw errors.invalidImage();
  return type;
}

const SIGNATURES: [type: string, at: number, signature: string][] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/bmp', 0, 'BM'],
  ['image/webp', 8, 'WEBP'],
];

/** By the first bytes, whatever the client calls it; null: none of the formats that are taken. */
function imageTypeOf(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return SIGNATURES.find(([, at, signature]) => head.startsWith(signature, at))?.[0] ?? null;
}
