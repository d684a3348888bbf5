/**
 * multipart/form-data (RFC 7578) as bytes: the digest covers exactly what is sent, so the browser must not encode it.
 */

export interface Part {
  name: string;
  type: string;
  fileName?: string;
  body: Uint8Array;
}

export interface MultipartBody {
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** @param boundary must not occur in any part; a random value of 128 bits will not */
export function encodeMultipart(parts: readonly Part[], boundary: string): MultipartBody {
  const text = new TextEncoder();
  const chunks: Uint8Array[] = [];
  for (const { name, type, fileName, body } of parts) {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    chunks.push(
      text.encode(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\nContent-Type: ${type}\r\n\r\n`,
      ),
      body,
      text.encode('\r\n'),
    );
  }
  chunks.push(text.encode(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: concatenate(chunks) };
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
