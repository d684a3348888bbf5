import { css, unsafeCSS } from 'lit';
import { styles } from '../face-liveness.styles.js';

/** Our colours in one scheme, out of where both are written. */
const own = (scheme: 'light' | 'dark') => {
  const colours = styles.cssText.matchAll(/(--_own-[\w-]+): light-dark\((?<light>.+), (?<dark>.+)\);/g);
  return unsafeCSS([...colours].map(({ 1: name, groups }) => `${name}: ${groups?.[scheme]};`).join(' '));
};

/**
 * For browsers without what the other styles are made of. A declaration with a custom property in it is not skipped
 * where it is not understood, it counts as not set: https://drafts.csswg.org/css-variables/#invalid-variables
 */
export const olderStyles = css`
  /* The system's scheme: what \`color-scheme\` is cannot be asked. */
  @supports not (color: light-dark(#000, #fff)) {
    :host {
      ${own('light')}
    }

    @media (prefers-color-scheme: dark) {
      :host {
        ${own('dark')}
      }
    }

    .base.lit {
      ${own('light')}
    }
  }

  /* The screen's width, since the element's cannot be asked, and no more than there is. */
  @supports not ((width: 1cqi) and (width: 1svh)) {
    :host {
      --_ring-width: min(100%, var(--face-liveness-ring-width, min(78vw, 320px, 46vh)));
    }

    .base {
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
      padding: var(--face-liveness-padding, 24px 16px);
    }

    h2 {
      font-size: var(--face-liveness-title-size, 1.35rem);
    }
  }

  @supports not (color: color-mix(in srgb, #000, #fff)) {
    .ring[data-tone] .cover {
      background: var(--_well);
    }

    .ring[data-tone='guide'] .track {
      stroke: var(--_track);
    }
  }
`;
