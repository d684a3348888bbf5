/** Makes the tables of the docs from the code. `TABLES` has them by the names that the pages use. */
import { readdirSync } from 'node:fs';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import { en } from '../../src/strings/en.js';
import { SCENES } from '../../test/screenshots/scenes.js';
import { elementManifest, type Method } from './manifest.js';
import { membersOf, type Member } from './source.js';

type Row = readonly string[];

/** A Markdown table. Escapes the bars in cells, which would otherwise end them. */
function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => (text ? `\`${text}\`` : '');

function errors(): string {
  const head = ['code', 'try again', 'cause', 'what you can do', 'the person reads'];
  const rows = Object.entries(LIVENESS_ERRORS).map(([name, { retryable, told, cause, remedy }]) => [
    code(name),
    retryable ? 'yes' : 'no',
    cause,
    remedy,
    `“${en.failed[told].title}”`,
  ]);
  return table(head, rows);
}

function words(): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const files = readdirSync('src/strings/locales').map((file) => file.replace(/\.ts$/, ''));
  const locales = ['en', ...files].sort().map((tag) => `${code(tag)} ${names.of(tag)}`);
  const rows = flat(en).map(([path, text]) => [code(path), text]);
  return `${locales.length} locales: ${locales.join(' · ')}\n\n${table(['key', 'English'], rows)}`;
}

/** Every string in a nested object, with the path of its key. */
function flat(given: object, path = ''): [string, string][] {
  return Object.entries(given).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value as object, `${path}${key}.`),
  );
}

function policy(): string {
  const rows = (members: Member[], values: object, path = ''): Row[] =>
    members.flatMap((member): Row[] => {
      const value = (values as Record<string, unknown>)[member.name];
      const isGroup = member.members.some(({ description }) => description !== '');
      if (isGroup) return rows(member.members, value as object, `${path}${member.name}.`);
      return [[code(path + member.name), code(written(value)), member.unit, member.description]];
    });
  const head = ['threshold', 'default', 'unit', 'what it is for'];
  return table(head, rows(membersOf('src/protocol/policy.ts', 'CapturePolicy'), DEFAULT_POLICY));
}

/** A value as it would be written in code. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${written(inner)}`)
    .join(', ')} }`;
}

function deadlines(): string {
  const rows = membersOf('src/deadlines.ts', 'Deadlines').map(({ name, description }) => [
    code(name),
    `${DEFAULT_DEADLINES[name as keyof typeof DEFAULT_DEADLINES]}`,
    description,
  ]);
  return table(['deadline', 'default (ms)', 'for'], rows);
}

function properties(): string {
  const { members, attributes } = elementManifest();
  const fields = members.filter((member) => member.kind === 'field');
  const own = fields.map(({ name, attribute = '', type, default: initial = '', description, readonly }) => [
    code(attribute),
    `${code(name)}${readonly ? ' (read only)' : ''}`,
    code(type.text),
    code(initial),
    description,
  ]);
  const others = attributes
    .filter(({ fieldName }) => !fieldName)
    .map(({ name, type, description }) => [code(name), code(name), code(type.text), '', description]);
  return table(['attribute', 'property', 'type', 'default', ''], [...own, ...others]);
}

function methods(): string {
  const parameters = ({ parameters: all }: Method) =>
    all.map(({ name, optional, type }) => `${name}${optional ? '?' : ''}: ${type.text}`).join(', ');
  const rows = elementManifest()
    .members.filter((member) => member.kind === 'method')
    .map((method) => [code(`${method.name}(${parameters(method)}): ${method.return.type.text}`), method.description]);
  return table(['method', ''], rows);
}

function events(): string {
  const rows = elementManifest().events.map(({ name, type, description }) => [
    code(name),
    code(type.text),
    description,
  ]);
  return table(['event', 'class', ''], rows);
}

const described = (head: string, from: 'slots' | 'cssParts' | 'cssStates', as = (name: string) => name) =>
  table(
    [head, ''],
    elementManifest()[from].map(({ name, description }) => [code(as(name)), description]),
  );

function cssProperties(): string {
  const rows = elementManifest().cssProperties.map((one) => [code(one.name), code(one.default), one.description]);
  return table(['custom property', 'default', ''], rows);
}

function scenes(): string {
  const rows = SCENES.map(({ name, state, title }) => [code(state), `“${title}”`, code(`${name}.png`)]);
  return table(['state', 'the person reads', 'picture'], rows);
}

function measurements(): string {
  const rows = membersOf('src/protocol/measurements.ts', 'FrameMeasurements').map(({ name, unit, description }) => [
    code(name),
    unit,
    description,
  ]);
  return table(['measurement', 'unit', ''], rows);
}

const fieldsOf = (path: string, name: string) => (): string =>
  table(
    ['field', 'type', ''],
    membersOf(path, name).map((member) => [
      code(member.name + (member.optional ? '?' : '')),
      code(member.type),
      member.description,
    ]),
  );

export const TABLES: Record<string, () => string> = {
  errors,
  words,
  policy,
  deadlines,
  properties,
  methods,
  events,
  slots: () => described('slot', 'slots', (name) => name || '(default)'),
  parts: () => described('part', 'cssParts'),
  states: () => described('state', 'cssStates', (name) => `:state(${name})`),
  'css-properties': cssProperties,
  scenes,
  measurements,
  result: fieldsOf('src/result.ts', 'LivenessResult'),
  guidance: fieldsOf('src/protocol/guidance.ts', 'Guidance'),
  turn: fieldsOf('src/protocol/guidance.ts', 'TurnProgress'),
  'prefetch-options': fieldsOf('src/prefetch.ts', 'PrefetchOptions'),
};
