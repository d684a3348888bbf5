/** Links, files and names in the docs exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureManifest } from '../../demo/server/service/schemas/client.js';
import { elementManifest } from '../../scripts/docs/manifest.js';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { GUIDANCE } from '../../src/protocol/guidance.js';
import type { CaptureManifest } from '../../src/protocol/wire.js';
import { placeInRing } from '../../worker/measure/face.js';
import { SCENES } from '../screenshots/scenes.js';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

describe.each(pages)('%s', (page) => {
  it('links only to pages and headings that exist', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = '', heading]) => {
      const target = path ? join(dirname(page), path) : page;
      if (!existsSync(join(root, target))) return true;
      return heading !== undefined && !headings(read(target)).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = [...read(page).matchAll(/`((?:test|src|worker|demo|scripts|docs)\/[^`*…{ ]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** The anchors of the headings, as code hosting sites make them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('the example manifest in docs/wire.md is valid, and its figures match each other', () => {
  const [, example = ''] = /^```json$([^]*?)^```$/m.exec(read('docs/wire.md')) ?? [];
  const manifest = JSON.parse(example) as CaptureManifest;
  // The schema drops fields that it does not know: equality shows that there are none.
  expect(captureManifest.parse(manifest)).toEqual(manifest);
  expect(Object.keys(manifest.camera)).toEqual(Object.keys(captureManifest.shape.camera.shape));
  for (const { faceRectangle, measurements } of manifest.frames) {
    const place = placeInRing(faceRectangle, { width: 1280, height: 720 }, 3 / 4);
    for (const [name, value] of Object.entries(place)) {
      expect(measurements[name as keyof typeof place], name).toBeCloseTo(value, 4);
    }
  }
});

describe('docs/from-azure.md', () => {
  const section = (heading: string) =>
    new RegExp(`^## ${heading}$([^]*?)^## `, 'm').exec(read('docs/from-azure.md'))?.[1] ?? '';
  const names = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const table = (text: string) => {
    const rows = [...text.matchAll(/^\|(.*)\|(.*)\|$/gm)];
    return { theirs: rows.flatMap(([, cell]) => names(cell)), ours: rows.flatMap(([, , cell]) => names(cell)) };
  };

  it('names only attributes, properties, parts and custom properties that exist', () => {
    const { attributes, members, cssParts, cssProperties } = elementManifest();
    const known = [...attributes, ...members, ...cssProperties].map(({ name }) => name);
    known.push(...cssParts.map(({ name }) => `::part(${name})`), 'liveness-assets');
    const { theirs, ours } = table(section('What has another name'));
    expect(theirs).toContain('mediaInfoDeviceId');
    expect(theirs.filter((name) => known.includes(name))).toEqual([]);
    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names only error codes that exist, and lists all 24 of Azure’s', () => {
    const errors = section('Errors');
    const codes = Object.keys(LIVENESS_ERRORS);
    const { theirs, ours } = table(errors);
    expect(theirs.filter((name) => codes.includes(name))).toEqual([]);
    const known: string[] = [...codes, ...GUIDANCE, 'start()', 'serviceCode', 'v1.2'];
    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
    const [, same] = /^These mean the same: ([^]*?)\n\n/m.exec(errors) ?? [];
    expect(names(same).filter((name) => !codes.includes(name))).toEqual([]);
    expect([...theirs, ...names(same)], 'all there are').toHaveLength(24);
    const [, more] = /^And there are ([^]*)/m.exec(errors) ?? [];
    expect(names(more).filter((name) => /^[A-Z]/.test(name) && !codes.includes(name))).toEqual([]);
  });
});

it('the screenshots have a scene for every state', () => {
  const pictured = new Set<string>(SCENES.map(({ state }) => state));
  expect(pictured).toEqual(new Set(['idle', ...elementManifest().cssStates.map(({ name }) => name)]));
});
