import { html, svg, type TemplateResult } from 'lit';

/** Line drawings on a 48-pixel grid. */
const PATHS = {
  face: svg`<path d="M24 6c-8 0-12 6-12 14 0 12 6 22 12 22s12-10 12-22c0-8-4-14-12-14Z"></path>
    <path d="M18.5 21v1.5M29.5 21v1.5M24 22v5.5h-1.8M19.8 32.5c2.6 1.8 5.8 1.8 8.4 0"></path>`,
  turn: svg`<path d="M24 8c-6.5 0-10 5-10 11.5 0 10 5 18.5 10 18.5s10-8.5 10-18.5C34 13 30.5 8 24 8Z"></path>
    <path d="M9 18c-3.5 3.5-3.5 8.5 0 12M39 18c3.5 3.5 3.5 8.5 0 12M6 29l3.2 1.3L10.5 27M42 29l-3.2 1.3L37.5 27"></path>`,
  lock: svg`<rect x="12" y="21" width="24" height="18" rx="4"></rect><path d="M17 21v-5a7 7 0 0 1 14 0v5M24 28v4"></path>`,
  check: svg`<path d="m13 25 8 8 15-17"></path>`,
  alert: svg`<path d="M24 13v14M24 34v.5"></path>`,
  camera: svg`<path d="M18 14h12l3 4h4a3 3 0 0 1 3 3v13a3 3 0 0 1-3 3H11a3 3 0 0 1-3-3V21a3 3 0 0 1 3-3h4Z"></path>
    <circle cx="24" cy="26.5" r="5.5"></circle><path d="M8 8l32 32"></path>`,
  connection: svg`<path d="M8 20c9-9 23-9 32 0M13 26c6-6 16-6 22 0M18.5 31.5c3-3 8-3 11 0M24 37v.5M8 8l32 32"></path>`,
  clock: svg`<circle cx="24" cy="24" r="15"></circle><path d="M24 15v9l6 5"></path>`,
  light: svg`<circle cx="24" cy="24" r="7"></circle>
    <path d="M24 8v3M24 37v3M8 24h3M37 24h3M12.7 12.7l2.1 2.1M33.2 33.2l2.1 2.1M35.3 12.7l-2.1 2.1M14.8 33.2l-2.1 2.1"></path>`,
  voice: svg`<path d="M9 19v10h7l10 8V11L16 19Z"></path><path d="M32 18c3 3.5 3 8.5 0 12M37 13c6 6.5 6 15.5 0 22"></path>`,
  muted: svg`<path d="M9 19v10h7l10 8V11L16 19Z"></path><path d="m32 19 10 10M42 19 32 29"></path>`,
  cross: svg`<path d="m15 15 18 18M33 15 15 33"></path>`,
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" part="icon" data-icon=${name} viewBox="0 0 48 48" aria-hidden="true">
    ${PATHS[name]}
  </svg>`;
}
