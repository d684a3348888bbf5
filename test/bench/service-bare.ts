/** The baseline for `service.ts`: Hono with its Node adapter, which only reads a body and hashes it. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { digestHex, sha256 } from '../../src/protocol/digest.js';
import { listen } from '../listen.js';

const app = new Hono();
app.post('/', async (c) => c.text(digestHex(await sha256(new Uint8Array(await c.req.arrayBuffer())))));
const server = createAdaptorServer({ fetch: app.fetch }) as Server;
console.log(`Listening on http://127.0.0.1:${await listen(server)}/`);
process.on('SIGTERM', () => process.exit(0));
