import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from './listen.js';

/** A port that is free now, for servers that cannot listen on port 0. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}
