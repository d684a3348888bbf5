import { describe, expect, it } from 'vitest';
import { originIn, startChild } from '../child.js';

describe('the origin a server prints', () => {
  it('is read without the slash at its end', () => {
    expect(originIn('Warning\nListening on http://localhost:8080/, with data in /tmp')).toBe('http://localhost:8080');
  });

  it('is null while its line is incomplete, whatever the next line contains', () => {
    expect(originIn('Listening on http://localhost:80\nfile:///somewhere')).toBeNull();
  });
});

/** Exits after 20 seconds, in case the test fails to end it. */
const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end());
  server.listen(0, () => console.log('Listening on http://127.0.0.1:' + server.address().port + '/'));
  setTimeout(() => process.exit(), 20_000);`;

const STARTER = `
  import { originIn, startChild } from './test/child.js';
  const parameters = ['-e', ${JSON.stringify(SERVER)}];
  const started = Array.from({ length: 2 }, () => startChild(process.execPath, parameters, { ready: originIn }));
  console.log('Started ' + (await Promise.all(started)).map(([, origin]) => origin).join(' '));`;

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'child processes end when %s ends the process that started them',
  async (signal) => {
    const parameters = ['--import', 'tsx', '--input-type=module', '-e', STARTER];
    const ready = (output: string) => /^Started (.+)$/m.exec(output)?.[1] ?? null;
    const [starter, origins] = await startChild(process.execPath, parameters, { ready });
    process.kill(starter.pid, signal);
    for (const origin of origins.split(' ')) {
      const isGone = () =>
        fetch(origin).then(
          () => false,
          () => true,
        );
      await expect.poll(isGone, { timeout: 5_000 }).toBe(true);
    }
    await expect.poll(() => isAlive(starter.pid), { timeout: 5_000 }).toBe(false);
  },
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
