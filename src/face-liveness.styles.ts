import { css } from 'lit';
import { ownColours } from './view/own-colours.js';

/**
 * Lengths follow the element's own width (container units), so that it fits a 280-pixel embed as well as a whole phone
 * screen. Colours come from custom properties with a light and a dark default.
 */
export const styles = css`
  :host {
    ${ownColours((light, dark) => `light-dark(${light}, ${dark})`)}

    --_accent: var(--face-liveness-accent, var(--_own-accent));
    --_on-accent: var(--face-liveness-on-accent, var(--_own-on-accent));
    --_surface: var(--face-liveness-surface, var(--_own-surface));
    --_text: var(--face-liveness-text, var(--_own-text));
    --_muted: var(--face-liveness-muted, var(--_own-muted));
    --_track: var(--face-liveness-track, var(--_own-track));
    --_well: var(--face-liveness-well, var(--_own-well));
    --_good: var(--face-liveness-good, var(--_own-good));
    --_bad: var(--face-liveness-bad, var(--_own-bad));
    --_lamp: var(--face-liveness-lamp, #fff);
    --_radius: var(--face-liveness-radius, 20px);
    --_button-radius: var(--face-liveness-button-radius, 999px);
    /* Words and buttons need about 17em of height, even on a low screen. */
    --_ring-width: var(--face-liveness-ring-width, min(78cqi, 320px, 46svh, max(9em, (100svh - 17em) * 0.75)));

    display: block;
    color-scheme: light dark;
    color: var(--_text);
    /* Does not inherit the page’s typography: some pages set a root font size of 10 pixels, capitalize everything, or
       break words anywhere. */
    font: 400 max(1rem, 16px) / 1.4 sans-serif;
    font-family: var(--face-liveness-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    letter-spacing: normal;
    word-spacing: normal;
    word-break: normal;
    white-space: normal;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    break-inside: avoid;
    container-type: inline-size;
    /* The width used when the element is sized by its content, as in a dialog. Not in \`vi\`: Chromium 105 to 107
       support container queries but not that unit, and would ignore the declaration. */
    contain-intrinsic-inline-size: min(400px, 100vw);
    min-inline-size: 0;
    max-inline-size: 100%;
  }

  :host([hidden]) {
    display: none;
  }

  :host(:fullscreen) {
    --_radius: 0;

    overflow: auto;
  }

  .base {
    box-sizing: border-box;
    display: grid;
    /* Neither a long camera name nor wide slotted content may widen the element. */
    grid-template-columns: minmax(0, 1fr);
    align-content: center;
    justify-items: center;
    min-block-size: var(--face-liveness-min-height, auto);
    gap: clamp(12px, 4cqi, 24px);
    padding: var(--face-liveness-padding, clamp(16px, 6cqi, 36px) clamp(12px, 5cqi, 36px));
    background: var(--_surface);
    border-radius: var(--_radius);
  }

  :host(:fullscreen) .base {
    min-block-size: 100%;
  }

  .ring,
  .speak {
    grid-row: 2;
    grid-column: 1;
  }

  /* A phone in landscape: the ring beside the words, as high as the screen allows. The \`@supports\` excludes Chromium
     105 to 107, which support container queries but not \`svh\`. */
  @supports (width: 1svh) {
    @media (orientation: landscape) and (max-height: 560px) {
      @container (min-width: 480px) {
        .base {
          --_ring-width: var(--face-liveness-ring-width, min(40cqi, 62svh));

          grid-template: 1fr 1fr / auto minmax(0, 1fr);
          padding-block: 12px;
        }

        .ring,
        .speak {
          grid-row: 1 / 3;
        }

        .words,
        .actions {
          grid-column: 2;
        }

        .actions {
          align-self: start;
        }
      }
    }
  }

  /* In the dark, the screen serves as a lamp: see the \`no-light-help\` attribute. */
  @media (prefers-reduced-motion: no-preference) {
    .base.lit {
      /* A brand's colours may be made for dark surfaces, and would be unreadable on the lamp. */
      --_accent: var(--_own-accent);
      --_on-accent: var(--_own-on-accent);
      --_text: var(--_own-text);
      --_muted: var(--_own-muted);
      --_track: var(--_own-track);
      --_well: var(--_own-well);
      --_good: var(--_own-good);
      --_bad: var(--_own-bad);
      --_surface: var(--_lamp);

      position: relative;
      z-index: 1;
      color: var(--_text);
      color-scheme: light;
      box-shadow: 0 0 0 200vmax var(--_lamp);
    }
  }

  .words {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: end;
    gap: 6px;
    min-block-size: 5.2em;
    /* The same width whatever the content: a header must not move with the words. */
    inline-size: min(100%, 26em);
    text-align: center;
    text-wrap: balance;
  }

  ::slotted(:is([slot='header'], [slot='actions'], [slot='footer'])) {
    max-inline-size: 100%;
    object-fit: contain;
    overflow-wrap: anywhere;
  }

  /* Images keep their own width, so they have to be centred. */
  .words ::slotted(:is(img, svg, canvas, video)[slot='header']) {
    justify-self: center;
  }

  /* While the words of the language are loading, hides the English ones but keeps their place. */
  [data-wordless] :is(.words, .actions) {
    visibility: hidden;
  }

  h2,
  p {
    margin: 0;
    overflow-wrap: anywhere;
    /* Hyphenates a word that is too long for a line, if the browser can hyphenate the language. */
    hyphens: auto;
    hyphenate-limit-chars: 12 4 4;
  }

  .words:lang(ko) {
    word-break: keep-all;
  }

  .words:lang(ja) {
    word-break: auto-phrase;
  }

  h2 {
    font-size: var(--face-liveness-title-size, clamp(1.2em, 5.5cqi, 1.5em));
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.01em;
    outline: none;
  }

  /* Letter spacing would tear joined letters apart, as in Arabic. */
  [dir='rtl'] h2 {
    letter-spacing: normal;
  }

  .words p {
    color: var(--_muted);
  }

  .live {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
