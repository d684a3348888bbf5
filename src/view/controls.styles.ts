import { css } from 'lit';

/** Buttons and the camera selector. */
export const controlStyles = css`
  .actions {
    display: flex;
    flex-flow: row wrap;
    justify-content: center;
    gap: 12px;
    min-block-size: 48px;
    max-inline-size: 100%;
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
    text-overflow: ellipsis;
  }

  /* Lies in the corner that the round ring leaves free in its box, and above that box, which would otherwise get the
     clicks. */
  .speak {
    /* Grows with the font, as far as the ring leaves room. */
    --_size: max(44px, min(2.75em, var(--_ring-width) * 0.16));

    position: relative;
    display: grid;
    place-items: center;
    align-self: start;
    inline-size: var(--_size);
    aspect-ratio: 1;
    min-block-size: 0;
    min-inline-size: 0;
    margin-block-start: calc(var(--_ring-width) * 4 / 3 - var(--_size));
    margin-inline-start: calc(var(--_ring-width) - var(--_size) + 12px);
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
    inline-size: 63%;
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

  .speak ::slotted(*) {
    inline-size: 58%;
    block-size: 58%;
  }

  .actions ::slotted([slot='footer']) {
    flex-basis: 100%;
    text-align: center;
  }
`;
