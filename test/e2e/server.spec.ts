/** The server that the other tests start leaves nothing behind. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startChild } from '../child.js';

const STARTER = `
  import { startServer } from './test/e2e/server.js';
  await startServer({ environment: { LIVENESS_JUDGE: 'nobody' } }).catch(() => console.log('Refused'));
  console.log('Started ' + (await startServer()).dataDirectory);`;

test('startServer() removes its data if the server does not start or SIGTERM ends the starting process', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'server-'));
  const kept = () => readdirSync(temporary).filter((name) => name.startsWith('face-liveness-'));
  const [starter, started] = await startChild(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', STARTER],
    {
      environment: { ...process.env, TMPDIR: temporary },
      ready: (output) => /^Refused\nStarted (.+)$/m.exec(output)?.[1] ?? null,
    },
  );
  expect(kept().map((name) => join(temporary, name))).toEqual([started]);
  process.kill(starter.pid, 'SIGTERM');
  await expect.poll(kept).toEqual([]);
  rmSync(temporary, { recursive: true });
});
