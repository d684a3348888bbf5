/** Checks the verify image before the camera turns on, so that the service need not refuse it after the capture. */
import { FailureError } from './protocol/failure.js';
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
  if (wanted === false && image) throw refusal('VerifyImageNotAllowed', 'The session does not accept a `verifyImage`');
  if (image && (image.size < VERIFY_IMAGE_BYTES.min || image.size > VERIFY_IMAGE_BYTES.max)) {
    const { min, max } = VERIFY_IMAGE_BYTES;
    const message = `The \`verifyImage\` has ${image.size} bytes, but needs at least ${min} and may have at most ${max}`;
    throw refusal('InvalidImageSize', message);
  }
}

/**
 * @returns a copy in memory, because a file may be gone by the time it is sent
 * @throws FailureError if it cannot be read, or is in a format that the service does not take
 */
export async function readVerifyImage(image: Blob, deadlineMs: number): Promise<Blob> {
  // Reading can hang: the file may be in the cloud, or on a drive that was disconnected.
  const bytes = await within(deadlineMs, image.arrayBuffer()).catch((error: unknown) => {
    throw new FailureError({
      code: 'VerifyImageNotReadable',
      message: `The \`verifyImage\` could not be read: ${String(error)}`,
    });
  });
  if (!formatOf(new Uint8Array(bytes))) {
    throw refusal('InvalidImage', 'The `verifyImage` is not a JPEG, PNG, WebP or BMP');
  }
  return new Blob([bytes], { type: image.type });
}

/** The failure that the service would answer with. */
function refusal(serviceCode: string, message: string): FailureError {
  return new FailureError({ code: 'UnexpectedClientError', serviceCode, message });
}
