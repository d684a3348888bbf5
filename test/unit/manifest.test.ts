/** The doc comment of the element declares everything that its source has, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { elementManifest, type Manifest } from '../../scripts/docs/manifest.js';
import { FaceLiveness } from '../../src/face-liveness.js';

const read = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');
const listed = (folder: string) => readdirSync(new URL(`../../src/${folder}`, import.meta.url));

const markup = ['face-liveness.ts', ...listed('view').map((file) => `view/${file}`)].map(read).join('\n');
const manifest: Manifest = elementManifest();
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).sort();
const unique = (list: string[]) => [...new Set(list)].sort();

/** Patterns for the names in the markup: an expression within a name stands for any word. */
const written = (attribute: RegExp) =>
  [...markup.matchAll(attribute)]
    .flatMap(([, value = '']) => value.split(/\s+/))
    .map((name) => new RegExp(`^${name.replaceAll(/\$\{[^}]*\}/g, '[\\w-]+')}$`));

it.each([
  ['parts', /\bpart="([^"]+)"/g, manifest.cssParts],
  ['slots', /<slot name="([^"]+)"/g, manifest.slots],
] as const)('declares the %s in the markup, and no others', (_, attribute, declared) => {
  const patterns = written(attribute);
  expect(patterns).not.toEqual([]);
  expect(patterns.filter((pattern) => !declared.some(({ name }) => pattern.test(name)))).toEqual([]);
  expect(declared.filter(({ name }) => !patterns.some((pattern) => pattern.test(name)))).toEqual([]);
});

it('declares the events with their classes, and no others', () => {
  const map = [...read('events.ts').matchAll(/^ {2}'(liveness-\w+)': (\w+);/gm)];
  const expected = map.map(([, name, type]) => `${name} ${type}`).sort();
  expect(expected).not.toEqual([]);
  expect(manifest.events.map(({ name, type }) => `${name} ${type.text}`).sort()).toEqual(expected);
});

it('declares the custom properties of the styles with their defaults, and no others', () => {
  const styles = FaceLiveness.styles.map(({ cssText }) => cssText).join('\n');
  const uses = unique([...styles.matchAll(/var\((--face-liveness-[\w-]+)/g)].map(([, name = '']) => name));
  expect(names(manifest.cssProperties)).toEqual(uses);
  const own = new Map(
    [...styles.matchAll(/(--_own-[\w-]+): (light-dark\([^;]+\));/g)].map(([, name, value]) => [name, value]),
  );
  const flat = styles
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/var\((--_own-[\w-]+)\)/g, (_, name: string) => own.get(name) ?? name);
  const wrong = manifest.cssProperties.filter((one) => !flat.includes(`var(${one.name}, ${one.default})`));
  expect(wrong).toEqual([]);
});

it('declares the states of a session as custom states, and no others', () => {
  const written = [...read('session/state.ts').matchAll(/\{ name: '(\w+)'/g)].map(([, name = '']) => name);
  expect(names(manifest.cssStates)).toEqual(unique(written));
});

it('declares the attributes that the class observes, and no others but lang', () => {
  const own = names(manifest.attributes).filter((name) => name !== 'lang');
  expect(own).toEqual([...FaceLiveness.observedAttributes].sort());
});

it('describes everything that it declares', () => {
  const { members, attributes, events, slots, cssParts, cssProperties, cssStates } = manifest;
  const all = [...members, ...attributes, ...events, ...slots, ...cssParts, ...cssProperties, ...cssStates];
  expect(all.filter(({ description }) => description.length < 3)).toEqual([]);
  expect(manifest.members.map(({ name }) => name)).toEqual(expect.arrayContaining(['start', 'cancel', 'policy']));
});
