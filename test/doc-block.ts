/** The code of the docs, as it stands there. */
import { readFileSync } from 'node:fs';

/** @param path below the project's folder @returns the first block of that language; empty: there is none */
export function docBlock(path: string, language: string): string {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1] ?? '';
}
