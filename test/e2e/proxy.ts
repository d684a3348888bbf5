/** A machine in the middle: passes requests on to the service, records them, and tampers with them on request. */
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { listen } from '../listen.js';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** As the client sent it, before any tampering. */
  body: Buffer<ArrayBuffer>;
  /** The service's answer. */
  status: number;
  answer: Buffer;
}

/** Changes body and headers in place before they are passed on. */
export type Tamper = (body: Buffer, headers: IncomingHttpHeaders) => void;

/**
 * What happens to a request instead of the usual:
 * - `break`: the connection ends, and the service never gets the request;
 * - `lose`: the service gets the request, but the connection ends before the answer;
 * - `hang`: no answer ever comes, and the service never gets the request;
 * - an object: the proxy gives this answer in the service's place.
 */
export type Fate =
  'break' | 'lose' | 'hang' | { status: number; headers?: Record<string, string>; body?: string | Buffer };

export interface Proxy {
  url: string;
  seen: SeenRequest[];
  /** Applied to liveness submissions only. */
  tamper: Tamper | null;
  /** Called for each request; null or undefined passes it on. */
  fate: ((path: string, method: string, headers: IncomingHttpHeaders) => Fate | null | undefined) | null;
  /** Changes the headers of the service's answer in place. */
  dress: ((path: string, headers: IncomingHttpHeaders) => void) | null;
  close(): Promise<void>;
}

/** @param below path prefix that requests must have, and that the proxy strips before it passes them on */
export async function startProxy(target: string, below = ''): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/' } = incoming;
      if (!url.startsWith(`${below}/`)) return void outgoing.writeHead(404).end();
      const path = url.slice(below.length);
      const fate = proxy.fate?.(path, method, incoming.headers);
      if (fate === 'hang') return;
      if (fate === 'break') return void outgoing.destroy();
      if (fate && fate !== 'lose') return void outgoing.writeHead(fate.status, fate.headers).end(fate.body);
      const passed = Buffer.from(body);
      const headers = { ...incoming.headers, host: new URL(target).host };
      if (path.includes('/detectLiveness') && method === 'POST') proxy.tamper?.(passed, headers);
      const upstream = httpRequest(target + path, { method, headers }, (response) => {
        const answer: Buffer[] = [];
        response.on('data', (chunk: Buffer) => answer.push(chunk));
        response.on('end', () => {
          const status = response.statusCode ?? 502;
          proxy.seen.push({ method, path, headers: incoming.headers, body, status, answer: Buffer.concat(answer) });
          if (fate === 'lose') return void outgoing.destroy();
          proxy.dress?.(path, response.headers);
          outgoing.writeHead(status, response.headers).end(Buffer.concat(answer));
        });
      });
      upstream.on('error', () => outgoing.destroy());
      upstream.end(passed);
    });
  });
  const port = await listen(server);
  const proxy: Proxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    tamper: null,
    fate: null,
    dress: null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}
