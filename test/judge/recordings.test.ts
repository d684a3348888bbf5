/** `npm run eval:decisions` on recordings, which are exported from its built-in material. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runNode } from '../../scripts/command.js';
import { readOptions } from '../eval/decisions/options.js';
import { evaluateRecordings } from '../eval/decisions/recorded.js';

/** Time limit for tests that run the evaluation in processes of their own. */
const PATIENCE_MS = 400_000;

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

it(
  'eval:decisions passes an exported bona fide run and finds its exported replay as AnotherSession',
  async () => {
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
  },
  PATIENCE_MS,
);

it(
  'eval:decisions names a directory that it cannot read and exits with an error',
  async () => {
    const { status, lines } = await evaluate('--bonafide', join(directory, 'nowhere'));
    expect(status).not.toBe(0);
    expect(lines.join('\n')).toContain('nowhere');
  },
  PATIENCE_MS,
);

it('evaluateRecordings rejects a directory without presentations', async () => {
  const nothing = evaluateRecordings({ bonafide: null, attack: directory, verbose: false });
  await expect(nothing).rejects.toThrow(`There are no presentations in ${directory}`);
});

it.each([
  [['--attack', 'recordings', '--seed', '2'], '--seed does not apply to recordings'],
  [['--export', 'recordings', '--species', 'bonafide,verification'], 'verification cannot be exported'],
  [['--export', 'recordings', '--system'], '--system cannot be exported'],
  [['--species', 'bonafide,nobody'], 'There is no species "nobody"'],
  [['--runs', '0'], '--runs has to be a whole number from 1, not "0"'],
])('readOptions refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
