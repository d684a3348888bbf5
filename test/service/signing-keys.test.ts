/** Signing keys: how they are created, and what happens when one that leaked is deleted. */
import { decodeProtectedHeader } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { BACKENDS } from './backends.js';
import { createClient, createdSession } from './client.js';
import { startService } from './harness.js';

it.each(BACKENDS)(
  'the service refuses tokens of a deleted signing key after a minute, and signs with another, on %s',
  async (backend) => {
    let now = Date.now();
    const service = await startService(backend, { now: () => now });
    onTestFinished(() => service.close());
    const client = createClient(service.url);
    const { authToken } = await createdSession(client);
    const status = async (token: string) => (await client.start(token)).status;
    expect(await status(authToken)).toBe(200);
    await service.database.deleteFrom('signing_key').execute();
    now += 60_000;
    expect(await status(authToken)).toBe(401);
    now -= 30_000;
    expect(await status(authToken), 'though the clock was set back').toBe(401);

    const another = await createdSession(client);
    expect(await status(another.authToken)).toBe(200);
    const made = service.log.filter(({ event }) => event === 'signing-key-made').map(({ kid }) => kid);
    expect(made).toEqual([authToken, another.authToken].map((token) => decodeProtectedHeader(token).kid));
  },
);
