/** Makes a page that shows all screenshots. */
import { existsSync } from 'node:fs';
import { SCENES, VIEWPORTS } from './scenes.js';

/** @param folder the screenshots' folder, where the page will be too @returns the page's HTML */
export function gallery(folder: string): string {
  const looks = Object.keys(VIEWPORTS).flatMap((viewport) => [`${viewport}-light`, `${viewport}-dark`]);
  const picture = (path: string) => `<a href="${path}"><img loading="lazy" src="${path}" alt="${path}"></a>`;
  const row = ({ name }: { name: string }) => {
    const paths = looks.map((look) => `${look}/${name}.png`).filter((path) => existsSync(`${folder}/${path}`));
    return `<section><h2 id="${name}">${name}</h2>${paths.map(picture).join('')}</section>`;
  };
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every state, every error</title>
<style>body { font: 15px system-ui; margin: 24px } img { height: 420px; margin-inline-end: 12px; border: 1px solid #8888 }</style>
<h1>Every state, every error</h1>
${SCENES.map(row).join('\n')}
`;
}
