import { unsafeCSS, type CSSResult } from 'lit';

/** Default colours, used unless the page sets its own: light and dark. */
const OWN = {
  accent: ['#0b5cd5', '#7db2ff'],
  'on-accent': ['#fff', '#06172e'],
  surface: ['#fff', '#11161d'],
  text: ['#131a24', '#eef2f7'],
  muted: ['#55606f', '#a5b0bf'],
  track: ['#d9dfe8', '#323c49'],
  well: ['#f1f4f8', '#1a212b'],
  good: ['#12805c', '#4cc79b'],
  bad: ['#c0312b', '#ff8f88'],
} as const;

/** The default colours as declarations, with each value written by `write`. */
export function ownColours(write: (light: string, dark: string) => string): CSSResult {
  const declarations = Object.entries(OWN).map(([name, [light, dark]]) => `--_own-${name}: ${write(light, dark)};`);
  return unsafeCSS(declarations.join(' '));
}
