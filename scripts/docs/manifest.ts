/**
 * Makes the element's manifest ("Custom Elements Manifest", schema 2.1.0) from the declarations and doc comments of its
 * class. Editors and framework wrappers read it, and the README's tables are made from it.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { description, openSource, tags } from './source.js';

const PATH = 'src/face-liveness.ts';
const CLASS = 'FaceLiveness';

interface Described {
  name: string;
  description: string;
}
interface Typed {
  type: { text: string };
}
interface Attribute extends Described, Typed {
  fieldName?: string;
}
interface Field extends Described, Typed {
  kind: 'field';
  attribute?: string;
  default?: string;
  readonly?: boolean;
}
export interface Method extends Described {
  kind: 'method';
  parameters: (Described & Typed & { optional: boolean; default?: string })[];
  return: Typed & { description: string };
}
export interface Manifest {
  kind: 'class';
  customElement: true;
  name: string;
  tagName: string;
  summary: string;
  description: string;
  superclass: { name: string; package: string };
  attributes: Attribute[];
  members: (Field | Method)[];
  events: (Described & Typed)[];
  slots: Described[];
  cssParts: Described[];
  cssProperties: (Described & { default: string })[];
  cssStates: Described[];
}

export function elementManifest(): Manifest {
  const node = openSource().declaration(PATH, CLASS, ts.isClassDeclaration);
  const members = node.members.filter(isPublic).flatMap(memberOf);
  const fields = members.filter((member) => member.kind === 'field');
  return {
    kind: 'class',
    customElement: true,
    name: CLASS,
    tagName: tags(node, 'tag')[0] ?? '',
    summary: tags(node, 'summary')[0] ?? '',
    description: description(node),
    superclass: { name: 'LitElement', package: 'lit' },
    attributes: [
      ...fields.flatMap(({ attribute: name, name: fieldName, type, description: text }): Attribute[] =>
        name ? [{ name, fieldName, type, description: text }] : [],
      ),
      ...tags(node, 'attr').map((text) => typed(text)),
    ],
    members,
    events: tags(node, 'fires').map((text) => typed(text)),
    slots: tags(node, 'slot').map((text) => named(text)),
    cssParts: tags(node, 'csspart').map((text) => named(text)),
    cssProperties: tags(node, 'cssproperty').map(cssProperty),
    cssStates: tags(node, 'cssstate').map((text) => named(text)),
  };
}

/** The content of `custom-elements.json` in the package. */
function customElementsJson(): string {
  const declaration = elementManifest();
  const to = (module: string) => ({ name: CLASS, module });
  const module = {
    kind: 'javascript-module',
    path: 'dist/element/define.js',
    declarations: [declaration],
    exports: [
      { kind: 'js', name: CLASS, declaration: to('dist/element/define.js') },
      { kind: 'custom-element-definition', name: declaration.tagName, declaration: to('dist/element/define.js') },
    ],
  };
  return `${JSON.stringify({ schemaVersion: '2.1.0', modules: [module] }, null, 2)}\n`;
}

/** A member that overrides one of Lit's is public only if it has a doc comment of its own. */
function isPublic(member: ts.ClassElement): boolean {
  const { PrivateKeyword, ProtectedKeyword, OverrideKeyword } = ts.SyntaxKind;
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []).map(({ kind }) => kind) : [];
  const isHidden = modifiers.includes(PrivateKeyword) || modifiers.includes(ProtectedKeyword);
  const isLits = modifiers.includes(OverrideKeyword) && description(member) === '';
  return member.name !== undefined && !isHidden && !isLits;
}

function memberOf(member: ts.ClassElement): (Field | Method)[] {
  if (ts.isMethodDeclaration(member)) return [methodOf(member)];
  if (ts.isPropertyDeclaration(member)) return [fieldOf(member)];
  if (!ts.isGetAccessorDeclaration(member)) return [];
  const name = member.name.getText();
  return [{ kind: 'field', name, type: typeOf(member), description: description(member), readonly: true }];
}

function fieldOf(member: ts.PropertyDeclaration): Field {
  const name = member.name.getText();
  return {
    kind: 'field',
    name,
    ...attributeOf(member, name),
    type: typeOf(member),
    ...(member.initializer ? { default: member.initializer.getText() } : {}),
    description: description(member),
  };
}

/** The attribute by Lit's rules: the property's name in lower case, unless the decorator gives another or `false`. */
function attributeOf(member: ts.PropertyDeclaration, name: string): { attribute?: string } {
  const call = ts.getDecorators(member)?.[0]?.expression;
  const [options] = call && ts.isCallExpression(call) ? call.arguments : [];
  const given =
    options && ts.isObjectLiteralExpression(options)
      ? options.properties.filter(ts.isPropertyAssignment).find((option) => option.name.getText() === 'attribute')
      : undefined;
  if (given?.initializer.kind === ts.SyntaxKind.FalseKeyword) return {};
  return { attribute: given && ts.isStringLiteral(given.initializer) ? given.initializer.text : name.toLowerCase() };
}

function methodOf(member: ts.MethodDeclaration): Method {
  const { checker } = openSource();
  const [signature] = checker.getSignaturesOfType(checker.getTypeAtLocation(member), ts.SignatureKind.Call);
  return {
    kind: 'method',
    name: member.name.getText(),
    parameters: member.parameters.map((parameter) => ({
      name: parameter.name.getText(),
      type: typeOf(parameter),
      optional: parameter.initializer !== undefined || parameter.questionToken !== undefined,
      ...(parameter.initializer ? { default: parameter.initializer.getText() } : {}),
      description: ts
        .getJSDocParameterTags(parameter)
        .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
        .join(' '),
    })),
    return: {
      type: { text: signature ? checker.typeToString(signature.getReturnType()) : 'void' },
      description: tags(member, 'returns').join(' '),
    },
    description: description(member),
  };
}

function typeOf(node: ts.PropertyDeclaration | ts.AccessorDeclaration | ts.ParameterDeclaration): { text: string } {
  const { checker } = openSource();
  return { text: node.type?.getText() ?? checker.typeToString(checker.getTypeAtLocation(node)) };
}

/** Parses `name - description`. */
function named(text: string): Described {
  const [name = '', ...rest] = text.split(' - ');
  return { name: name.trim(), description: rest.join(' - ') };
}

/** Parses `{Type} name - description`. */
function typed(text: string): Described & Typed {
  const [, type = '', rest = ''] = /^\{([^}]*)\}\s*(.*)$/.exec(text) ?? [];
  return { ...named(rest), type: { text: type } };
}

/** Parses `[--name=default] - description`. */
function cssProperty(text: string): Described & { default: string } {
  const [, name = '', initial = '', rest = ''] = /^\[(--[\w-]+)=(.*)\] - (.*)$/.exec(text) ?? [];
  if (!name) throw new Error(`@cssproperty has to read "[--name=default] - description": ${text}`);
  return { name, default: initial, description: rest };
}

// Run as a script, this is a step of `scripts/build.ts`.
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync('dist/custom-elements.json', customElementsJson());
