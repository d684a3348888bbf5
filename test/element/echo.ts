/** A plugin of the test server. It answers an upload as the query asks, over real HTTP, and says what it received. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

const ECHO_PATH = '/echo';

/**
 * The query has the `status`, `body` and `headers` (JSON) of the answer. With `stall`, the server reads the upload but
 * never answers; with `deaf`, it does not even read; with `break`, it closes the connection. The header `x-received` of
 * the answer is JSON: the length of the upload, its SHA-256 in hex, and the headers of the request.
 */
export const echo: Plugin = {
  name: 'echo',
  configureServer: ({ middlewares }) => {
    middlewares.use(ECHO_PATH, answer);
  },
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  if (query.has('break')) {
    request.socket.destroy();
    return;
  }
  if (query.has('deaf')) return;
  const hash = createHash('sha256');
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    length += chunk.length;
  });
  request.on('end', () => {
    if (query.has('stall')) return;
    const received = { length, sha256: hash.digest('hex'), headers: request.headers };
    response.writeHead(Number(query.get('status') ?? 204), {
      ...(JSON.parse(query.get('headers') ?? '{}') as Record<string, string>),
      'x-received': JSON.stringify(received),
    });
    response.end(query.get('body') ?? '');
  });
}
