/** `npm run eval:decisions` on recordings, with the built-in material as what was recorded. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runNode } from '../../scripts/command.js';

// Several evaluations in processes of their own.
vi.setConfig({ testTimeout: 400_000 });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recordings-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function evaluate(...options: string[]): Promise<{ status: number | null; lines: string[] }> {
  const command = ['scripts/run.mjs', 'test/eval/decisions/main.ts', ...options];
  const { status, output } = await runNode(command, { quiet: true });
  return { status, lines: output.split('\n') };
}

it('what is exported is judged as what was recorded, replays after what they are taken from', async () => {
  const exported = await evaluate('--export', directory, '--runs', '1', '--species', 'bonafide,sessionReplay');
  expect(exported.status, exported.lines.join('\n')).toBe(0);
  expect(readdirSync(join(directory, 'attack/sessionReplay'))).toEqual(['run-000']);

  const [bonafide, attack] = [join(directory, 'bonafide'), join(directory, 'attack')];
  const { status, lines } = await evaluate('--bonafide', bonafide, '--attack', attack);
  expect(status, lines.join('\n')).toBe(0);
  expect(lines[0]).toContain('no certificate');
  expect(lines.find((line) => line.startsWith('bona fide'))).toMatch(/^bona fide +1 +1 +0 +0 +0 +0 +BPCER 0\.0 %/);
  expect(lines.find((line) => line.startsWith('sessionReplay'))).toMatch(
    /^sessionReplay +1 +0 +0 +1 +0 +0 +APCER 0\.0 % .* AnotherSession 1$/,
  );
});

it('what cannot be read is named, and the exit code says so', async () => {
  const { status, lines } = await evaluate('--bonafide', join(directory, 'nowhere'));
  expect(status).not.toBe(0);
  expect(lines.join('\n')).toContain('nowhere');

  const nothing = await evaluate('--attack', directory);
  expect(nothing.status).not.toBe(0);
  expect(nothing.lines.join('\n')).toContain(`There are no presentations in ${directory}`);

  const chosen = await evaluate('--attack', directory, '--seed', '2');
  expect(chosen.status).not.toBe(0);
  expect(chosen.lines.join('\n')).toContain('--seed says nothing of recordings');

  for (const other of [['--species', 'bonafide,verification'], ['--system']]) {
    const exported = await evaluate('--export', directory, '--runs', '1', ...other);
    expect(exported.status).not.toBe(0);
    expect(exported.lines.join('\n')).toMatch(/(verification|--system) is nothing to export/);
  }
});
