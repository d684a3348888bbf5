import { css } from 'lit';

/**
 * Lengths follow the element's own width (container units), so that it is at home in a 280-pixel embed and on a whole
 * phone screen. Colours come from custom properties with a light and a dark default.
 */
export const styles = css`
  :host {
    --_accent: var(--face-liveness-accent, light-dark(#0b5cd5, #7db2ff));
    --_on-accent: var(--face-liveness-on-accent, light-dark(#fff, #06172e));
    --_surface: var(--face-liveness-surface, light-dark(#fff, #11161d));
    --_text: var(--face-liveness-text, light-dark(#131a24, #eef2f7));
    --_muted: var(--face-liveness-muted, light-dark(#55606f, #a5b0bf));
    --_track: var(--face-liveness-track, light-dark(#d9dfe8, #323c49));
    --_well: var(--face-liveness-well, light-dark(#f1f4f8, #1a212b));
    --_good: var(--face-liveness-good, light-dark(#12805c, #4cc79b));
    --_bad: var(--face-liveness-bad, light-dark(#c0312b, #ff8f88));
    --_lamp: var(--face-liveness-lamp, #fff);
    --_radius: var(--face-liveness-radius, 20px);
    --_button-radius: var(--face-liveness-button-radius, 999px);
    --_ring-width: var(--face-liveness-ring-width, min(78cqi, 320px, 46svh));

    display: block;
    color-scheme: light dark;
    color: var(--_text);
    font-family: var(--face-liveness-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    line-height: 1.4;
    container-type: inline-size;
  }

  :host([hidden]) {
    display: none;
  }

  .base {
    box-sizing: border-box;
    display: grid;
    align-content: center;
    justify-items: center;
    min-block-size: var(--face-liveness-min-height, auto);
    gap: clamp(12px, 4cqi, 24px);
    padding: var(--face-liveness-padding, clamp(16px, 6cqi, 36px) clamp(12px, 5cqi, 36px));
    background: var(--_surface);
    border-radius: var(--_radius);
  }

  .ring,
  .speak {
    grid-row: 2;
    grid-column: 1;
  }

  /* A phone on its side: the ring beside the words, as high as the screen allows. */
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

  /* Where it is dark the screen is a lamp: see the \`no-light-help\` attribute. */
  @media (prefers-reduced-motion: no-preference) {
    .base.lit {
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
    align-content: end;
    gap: 6px;
    min-block-size: 5.2rem;
    max-inline-size: 26em;
    text-align: center;
    text-wrap: balance;
  }

  /* Their language is on its way: its place is kept. */
  [data-wordless] :is(.words, .actions) {
    visibility: hidden;
  }

  h2,
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .words:lang(ko) {
    word-break: keep-all;
  }

  .words:lang(ja) {
    word-break: auto-phrase;
  }

  h2 {
    font-size: var(--face-liveness-title-size, clamp(1.2rem, 5.5cqi, 1.5rem));
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.01em;
    outline: none;
  }

  /* Letters that join must not be moved. */
  [dir='rtl'] h2 {
    letter-spacing: normal;
  }

  .words p {
    color: var(--_muted);
    font-size: 1rem;
  }

  .ring {
    --_tone: var(--_track);

    position: relative;
    align-self: start;
    inline-size: var(--_ring-width);
    aspect-ratio: 3 / 4;
  }

  .ring[data-tone='guide'] {
    --_tone: var(--_accent);
  }

  .ring[data-tone='good'] {
    --_tone: var(--_good);
  }

  .ring[data-tone='bad'] {
    --_tone: var(--_bad);
  }

  video,
  .cover {
    position: absolute;
    inset: 4.4%;
    inline-size: 91.2%;
    block-size: 91.2%;
    border-radius: 50%;
    background: var(--_well);
  }

  video {
    object-fit: cover;
  }

  /* Not hidden by display or visibility: Safari stops a video that is. */
  .ring[data-covered] video {
    opacity: 0;
  }

  .mirrored {
    transform: scaleX(-1);
  }

  .cover {
    display: grid;
    place-items: center;
    color: var(--_muted);
  }

  .ring[data-tone='good'] .cover {
    color: var(--_good);
    background: color-mix(in srgb, var(--_good) 8%, var(--_surface));
  }

  .ring[data-tone='bad'] .cover {
    color: var(--_bad);
    background: color-mix(in srgb, var(--_bad) 8%, var(--_surface));
  }

  /* What a brand puts in place of a symbol. */
  .cover ::slotted(*) {
    max-inline-size: 60%;
    max-block-size: 60%;
  }

  .turn ::slotted(*),
  .speak ::slotted(*) {
    inline-size: 58%;
    block-size: 58%;
  }

  /* Over the camera's picture, under the outline. */
  .overlay {
    position: absolute;
    inset: 4.4%;
    display: grid;
    place-items: center;
    overflow: hidden;
    border-radius: 50%;
    pointer-events: none;
  }

  .actions ::slotted([slot='footer']) {
    flex-basis: 100%;
    text-align: center;
  }

  .icon {
    inline-size: 46%;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .icon[data-icon='check'],
  .icon[data-icon='alert'],
  .icon[data-icon='cross'] {
    inline-size: 40%;
    stroke-width: 3;
  }

  .outline {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    fill: none;
    stroke-width: var(--face-liveness-ring-thickness, 7);
    stroke-linecap: round;
    overflow: visible;
  }

  .track {
    stroke: var(--_track);
  }

  .ring[data-tone='guide'] .track {
    stroke: color-mix(in srgb, var(--_accent) 22%, var(--_track));
  }

  .ring[data-tone='bad'] .track {
    stroke: var(--_bad);
  }

  .progress {
    stroke: var(--_tone);
    transition: stroke-dasharray 160ms linear;
  }

  .ring[data-busy] .progress {
    stroke: var(--_accent);
    animation: run 1.5s linear infinite;
  }

  @keyframes run {
    to {
      stroke-dashoffset: -100;
    }
  }

  .turn {
    --_size: clamp(48px, 22%, 72px);

    position: absolute;
    inline-size: var(--_size);
    aspect-ratio: 1;
    display: grid;
    place-items: center;
    border-radius: 50%;
    color: var(--_on-accent);
    background: conic-gradient(var(--_good) calc(var(--share) * 1turn), var(--_accent) 0);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.22);
  }

  .turn svg {
    inline-size: 58%;
    fill: none;
    stroke: currentColor;
    stroke-width: 2.4;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  /* Sides of the screen, whichever way the language runs. */
  .turn[data-side='left'] {
    left: 0;
    top: 50%;
    transform: translate(-34%, -50%) rotate(180deg);
  }

  .turn[data-side='right'] {
    right: 0;
    top: 50%;
    transform: translate(34%, -50%);
  }

  .turn[data-side='top'] {
    left: 50%;
    top: 0;
    transform: translate(-50%, 22%) rotate(-90deg);
  }

  .turn[data-side='bottom'] {
    left: 50%;
    bottom: 0;
    transform: translate(-50%, -22%) rotate(90deg);
  }

  .actions {
    display: flex;
    flex-flow: row wrap;
    justify-content: center;
    gap: 12px;
    min-block-size: 48px;
  }

  button {
    min-block-size: 48px;
    min-inline-size: 128px;
    padding: 10px 22px;
    border: 1.5px solid transparent;
    border-radius: var(--_button-radius);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }

  .cameras {
    min-block-size: 48px;
    max-inline-size: 100%;
    padding: 10px 16px;
    border: 1.5px solid var(--_track);
    border-radius: var(--_button-radius);
    font: inherit;
    color: var(--_text);
    background: var(--_well);
  }

  /* In the corner that the ring leaves free. */
  .speak {
    display: grid;
    place-items: center;
    align-self: start;
    min-block-size: 44px;
    min-inline-size: 44px;
    margin-block-start: calc(var(--_ring-width) * 4 / 3 - 44px);
    margin-inline-start: calc(var(--_ring-width) - 32px);
    padding: 0;
    border-color: var(--_track);
    border-radius: 50%;
    color: var(--_muted);
    background: var(--_surface);
  }

  .speak[aria-pressed='true'] {
    border-color: currentColor;
    color: var(--_accent);
  }

  .speak .icon {
    inline-size: 26px;
    stroke-width: 3;
  }

  .primary {
    color: var(--_on-accent);
    background: var(--_accent);
  }

  .plain {
    color: var(--_text);
    border-color: var(--_track);
    background: transparent;
  }

  button:hover {
    filter: brightness(1.06);
  }

  .plain:hover {
    background: var(--_well);
  }

  button:focus-visible,
  .cameras:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 3px;
  }

  .live {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    .progress {
      transition: none;
    }

    .ring[data-busy] .progress {
      stroke-dasharray: none;
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
  }

  @keyframes breathe {
    to {
      opacity: 0.3;
    }
  }

  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_text);
    }

    .plain,
    .cameras,
    .speak {
      border-color: currentColor;
    }
  }

  /* System colours: the primary button stands out by being filled, tone by the system's own accent. */
  @media (forced-colors: active) {
    .track,
    .ring:is([data-tone='guide'], [data-tone='bad']) .track {
      stroke: GrayText;
    }

    .progress,
    .ring[data-busy] .progress {
      stroke: Highlight;
    }

    .cover {
      border: 1px solid CanvasText;
    }

    .icon {
      stroke: CanvasText;
    }

    .speak .icon {
      stroke: ButtonText;
    }

    .primary {
      forced-color-adjust: none;
      color: ButtonFace;
      background: ButtonText;
    }

    .speak[aria-pressed='true'] {
      border-color: Highlight;
    }

    .turn {
      forced-color-adjust: none;
      border: 2px solid CanvasText;
      color: HighlightText;
      background: Highlight;
    }

    button:focus-visible,
    .cameras:focus-visible {
      outline-color: Highlight;
    }
  }
`;
