/** Figures and names that are written into the docs by hand match the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVICE_VARIABLES } from '../../demo/server/environment.js';
import { JUDGE_VARIABLES } from '../../demo/server/judge/configure.js';
import { REASONS } from '../../demo/server/judge/default/evidence/evidence.js';
import { THRESHOLDS } from '../../demo/server/judge/default/evidence/thresholds.js';
import { elementManifest } from '../../scripts/docs/manifest.js';
import { TABLES } from '../../scripts/docs/tables.js';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import { LOCALES } from '../../src/strings/localize.js';
import { SUPPORT_CHECKS } from '../../src/support.js';

const root = join(import.meta.dirname, '../..');
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const numbers = (text: string) =>
  (text.match(/\d[\d,.]*/g) ?? []).map((found) => parseFloat(found.replaceAll(',', '')));

it('docs/comparison.md has the counts of the code', { timeout: 60_000 }, () => {
  const row = (name: string) => new RegExp(`^\\| ${name}[^|]*\\|([^|]*)\\|`, 'm').exec(read('docs/comparison.md'))?.[1];
  const { cssProperties, cssParts, slots, cssStates } = elementManifest();
  const thresholds = (TABLES['policy']?.() ?? '').split('\n').length - 2;
  expect(row('error codes')).toContain(`${Object.keys(LIVENESS_ERRORS).length},`);
  expect(row('locales')).toContain(`${LOCALES.length},`);
  expect(row('before the camera')).toContain(`${SUPPORT_CHECKS.length} checks`);
  expect(row('thresholds')).toContain(`all ${thresholds},`);
  expect(row('custom properties')).toContain(
    `${cssProperties.length} properties, ${cssParts.length} parts, ${slots.length} slots`,
  );
  expect(row('custom properties')).toContain(`${cssStates.length} states`);
});

it.each([
  // UV_THREADPOOL_SIZE is read by Node itself.
  ['docs/service.md', [...SERVICE_VARIABLES, ...JUDGE_VARIABLES, 'UV_THREADPOOL_SIZE']],
  ['docs/judges.md', JUDGE_VARIABLES],
])('%s lists every environment variable that is read, and no other', (page, variables) => {
  const cells = [...read(page).matchAll(/^\|([^|]*)\|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]{4,})`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual([...variables].sort());
});

it('docs/policy.md has the bounds of the default judge', () => {
  const [, section = ''] = /^### Bounds of the default judge$([^]*?)^## /m.exec(read('docs/policy.md')) ?? [];
  const bounds = [...section.matchAll(/^\| (`\w+[^|]*?) +\|([^|]*)\|([^|]*)\|$/gm)].map(([, name, ...cells]) => [
    name,
    numbers(cells.join(' ')),
  ]);
  const { turn, proportions, bystander } = THRESHOLDS;
  expect(turn.yaw).toBe(turn.pitch);
  expect(Object.fromEntries(bounds)).toEqual({
    '`turn.yaw`, `turn.pitch`': [turn.yaw],
    '`turn.frontal`': [turn.frontal],
    '`turn.smile`': [turn.smile],
    '`turn.aspect`': [
      proportions.min,
      proportions.max,
      proportions.furthest,
      proportions.flatBelow,
      proportions.flatAbove,
    ],
    '`turn.limitMs`': [turn.slowestMs],
    '`bystander`': [bystander],
  });
  expect(read('docs/accessibility.md')).toContain(`more than ${turn.slowestMs / 1_000} seconds from`);
});

describe('the evidence of the default judge, in docs/decisions.md', () => {
  const [, section = ''] = /^## Evidence$([^]*?)^## /m.exec(read('docs/decisions.md')) ?? [];
  // The name of each row, and its cells up to those with measured values.
  const rows = [...section.matchAll(/^\| `(\w+)(?:\.\*)?` +\|([^|]*\|[^|]*\|[^|]*)\|/gm)].map(
    ([, name = '', cells = '']) => [name, cells] as const,
  );

  it('has a row for every finding, and no other', () => {
    const folder = join(root, 'demo/server/judge/default/evidence');
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const names = sources.flatMap((source) => [...source.matchAll(/\bname: [`'](\w+)/g)].map(([, name]) => name));
    // `attackModel` comes from a model of the operator's own: it is in docs/judges.md.
    expect(new Set([...rows.map(([name]) => name), 'attackModel'])).toEqual(new Set(names));
  });

  it('has the thresholds of the code', () => {
    const { turn, proportions, enclosure, repeated, seenBefore, manifest, ...others } = THRESHOLDS;
    expect(Object.fromEntries(rows.map(([name, cells]) => [name, numbers(cells)]))).toEqual({
      challenge: [turn.yaw, turn.frontal],
      time: [turn.quickestMs, turn.slowestMs],
      timing: [others.clockMs],
      proportions: [
        proportions.furthest,
        proportions.min,
        proportions.max,
        proportions.flatBelow,
        proportions.flatAbove,
      ],
      background: [others.faceOverBackground],
      enclosure: [enclosure.edges],
      border: [enclosure.border],
      oneFace: [others.bystander],
      samePerson: [others.anotherPerson],
      // 255: bits of the fingerprint of a face.
      naturalMotion: [255, others.naturalMotionBits],
      repeatedFrames: [repeated.ms, repeated.sameFileMs, repeated.pairs - 1],
      // 48: hours after which a session is deleted.
      seenBefore: [48, seenBefore.doubt - 1, seenBefore.doubt, seenBefore.attack],
      manifest: [manifest.overlap, manifest.pose, manifest.frames],
      steps: [],
    });
    expect(section).toContain(`wider by ${Math.round(turn.smile * 100)} %`);
  });

  it('has every reason, and no other', () => {
    const named = rows.flatMap(([, cells]) => [...cells.matchAll(/`([A-Z]\w+)`/g)].map(([, reason = '']) => reason));
    const known: readonly string[] = REASONS;
    expect(named.filter((reason) => !known.includes(reason))).toEqual([]);
    // The reason from a model of the operator's own is in docs/judges.md.
    const pages = read('docs/decisions.md') + read('docs/judges.md');
    expect(REASONS.filter((reason) => !pages.includes(`\`${reason}\``))).toEqual([]);
  });
});

it('docs/accessibility.md has the default time limits', () => {
  const page = read('docs/accessibility.md');
  const [, times = ''] = /^\| 2\.2\.1 [^|]*\|[^|]*\|[^|]*\| (.*?) The page can set each/m.exec(page) ?? [];
  const { permission, framing, prompting, activeMotion, hidden } = DEFAULT_DEADLINES;
  const { lightMs, turn, guidance } = DEFAULT_POLICY;
  expect(numbers(times).map((seconds) => seconds * 1_000)).toEqual([
    permission,
    framing,
    lightMs.passive,
    prompting,
    turn.limitMs,
    activeMotion,
    hidden,
  ]);
  expect(page).toContain(`not helped for ${guidance.escalateMs / 1_000} seconds`);
});
