/** Reads code blocks of the docs, so that tests can run them. */
import { readFileSync } from 'node:fs';

/** @param path relative to the repository @returns the first code block of that language; empty if there is none */
export function docBlock(path: string, language: string): string {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1] ?? '';
}
