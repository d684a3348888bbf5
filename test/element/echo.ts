/** Answers to uploads as the address asks for them, over real HTTP, with what arrived. A plugin of the tests' server. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

const ECHO_PATH = '/echo';

/**
 * In the query: `status`, `body` and `headers` (JSON) of the answer, `stall` for none at all, `break` for a connection
 * that breaks, `deaf` for one that takes nothing. The header `x-received` says what arrived: its length, its SHA-256 in hex and the request's headers.
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
