/** Reads declarations and their doc comments with the TypeScript compiler, so that the docs agree with the code. */
import ts from 'typescript';

const CONFIGURATION = 'src/tsconfig.json';

export interface Source {
  checker: ts.TypeChecker;
  /** @throws Error if the file has no declaration of that kind and name */
  declaration<Kind extends ts.Statement>(path: string, name: string, is: (node: ts.Node) => node is Kind): Kind;
}

let opened: Source | undefined;

/** The TypeScript program of `src/`, created at the first call. */
export function openSource(): Source {
  return (opened ??= open());
}

function open(): Source {
  const { config } = ts.readConfigFile(CONFIGURATION, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, 'src');
  const program = ts.createProgram(fileNames, options);
  return {
    checker: program.getTypeChecker(),
    declaration(path, name, is) {
      const found = program
        .getSourceFile(path)
        ?.statements.filter(is)
        .find((statement) => (statement as { name?: ts.Identifier }).name?.text === name);
      if (!found) throw new Error(`${path} does not declare ${name}.`);
      return found;
    },
  };
}

/** The text of a node's doc comment without its tags, on one line. */
export function description(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return oneLine(ts.getTextOfJSDocComment(comment?.comment));
}

/** The texts of all `@name` tags in a node's doc comment, each on one line. */
export function tags(node: ts.Node, name: string): string[] {
  return ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === name)
    .map((tag) =>
      oneLine(
        tag
          .getText()
          .replace(/^@\w+/, '')
          .replaceAll(/^\s*\*( |$)/gm, ''),
      ),
    );
}

function oneLine(text = ''): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** A member of an interface. If its type is an object literal, `members` lists that one's members. */
export interface Member {
  name: string;
  optional: boolean;
  type: string;
  description: string;
  /** The text of its `@unit` tag; empty if it has none. */
  unit: string;
  members: Member[];
}

export function membersOf(path: string, name: string): Member[] {
  return memberList(openSource().declaration(path, name, ts.isInterfaceDeclaration).members);
}

function memberList(members: ts.NodeArray<ts.TypeElement>): Member[] {
  return members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(),
    optional: member.questionToken !== undefined,
    type: oneLine(member.type?.getText()),
    description: description(member),
    unit: tags(member, 'unit')[0] ?? '',
    members: member.type && ts.isTypeLiteralNode(member.type) ? memberList(member.type.members) : [],
  }));
}
