import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** @returns the free port of this machine that it listens on now */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
