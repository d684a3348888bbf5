/** The baseline for the service: Hono with its Node adapter, which reads a body and hashes it. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { digestHex, sha256 } from '../../src/protocol/digest.js';

const app = new Hono();
app.post('/', async (c) => c.text(digestHex(await sha256(new Uint8Array(await c.req.arrayBuffer())))));
const server = createAdaptorServer({ fetch: app.fetch }) as Server;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
process.on('SIGTERM', () => process.exit(0));
