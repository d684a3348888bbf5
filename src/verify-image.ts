/** The picture to compare with: what the service would refuse after the whole capture is refused before a camera goes on. */
import { FailureError } from './protocol/errors.js';
import { formatOf } from './protocol/image-format.js';
import type { TokenClaims } from './protocol/token.js';
import { VERIFY_IMAGE_BYTES } from './protocol/wire.js';
import { within } from './wait.js';

/** @throws FailureError if the session wants one and has none, if it wants none, or if it is of no size that is taken */
export function requireVerifyImage({ verifyImageSetInClient: wanted }: TokenClaims, image: Blob | null): void {
  // Compared with either: not every service tells.
  if (wanted === true && !image) throw refusal('VerifyImageNotProvided', 'The session needs a `verifyImage`');
  if (wanted === false && image) throw refusal('VerifyImageNotAllowed', 'The session takes no `verifyImage`');
  if (image && (image.size < VERIFY_IMAGE_BYTES.min || image.size > VERIFY_IMAGE_BYTES.max)) {
    throw refusal('InvalidImageSize', `A \`verifyImage\` of ${image.size} bytes is too small or too big`);
  }
}

/**
 * @returns it as it is now: a file may be gone by the time it is sent
 * @throws FailureError if it cannot be read, or is of no format that is taken
 */
export async function readVerifyImage(image: Blob, deadlineMs: number): Promise<Blob> {
  // A file can lie where nothing comes from: in a cloud, on a drive that is away.
  const bytes = await within(deadlineMs, image.arrayBuffer()).catch((error: unknown) => {
    throw new FailureError({ code: 'VerifyImageNotReadable', message: `verifyImage: ${String(error)}` });
  });
  if (!formatOf(new Uint8Array(bytes))) {
    throw refusal('InvalidImage', 'The `verifyImage` is no JPEG, PNG, WebP or BMP');
  }
  return new Blob([bytes], { type: image.type });
}

/** As the service would say it. */
function refusal(serviceCode: string, message: string): FailureError {
  return new FailureError({ code: 'UnexpectedClientError', serviceCode, message });
}
