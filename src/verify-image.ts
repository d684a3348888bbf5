/** Checks the verify image: what the service would refuse after the capture is refused before the camera turns on. */
import { FailureError } from './protocol/errors.js';
import { formatOf } from './protocol/image-format.js';
import type { TokenClaims } from './protocol/token.js';
import { VERIFY_IMAGE_BYTES } from './protocol/wire.js';
import { within } from './wait.js';

/**
 * @throws FailureError if the image is missing, is not wanted by the session, or has a size that the service refuses
 */
export function requireVerifyImage({ verifyImageSetInClient: wanted }: TokenClaims, image: Blob | null): void {
  // `wanted` is undefined if the service does not say; then both are accepted.
  if (wanted === true && !image) throw refusal('VerifyImageNotProvided', 'The session needs a `verifyImage`');
  if (wanted === false && image) throw refusal('VerifyImageNotAllowed', 'The session takes no `verifyImage`');
  if (image && (image.size < VERIFY_IMAGE_BYTES.min || image.size > VERIFY_IMAGE_BYTES.max)) {
    throw refusal('InvalidImageSize', `A \`verifyImage\` of ${image.size} bytes is too small or too big`);
  }
}

/**
 * @returns a copy in memory, because a file may be gone by the time it is sent
 * @throws FailureError if it cannot be read, or is in a format that the service does not take
 */
export async function readVerifyImage(image: Blob, deadlineMs: number): Promise<Blob> {
  // Reading can hang: the file may be in a cloud, or on a drive that is disconnected.
  const bytes = await within(deadlineMs, image.arrayBuffer()).catch((error: unknown) => {
    throw new FailureError({ code: 'VerifyImageNotReadable', message: `verifyImage: ${String(error)}` });
  });
  if (!formatOf(new Uint8Array(bytes))) {
    throw refusal('InvalidImage', 'The `verifyImage` is no JPEG, PNG, WebP or BMP');
  }
  return new Blob([bytes], { type: image.type });
}

/** The failure that the service would answer with. */
function refusal(serviceCode: string, message: string): FailureError {
  return new FailureError({ code: 'UnexpectedClientError', serviceCode, message });
}
