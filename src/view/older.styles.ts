import { css } from 'lit';
import { ownColours } from './own-colours.js';

/**
 * Fallbacks for browsers that lack features used by the other styles. A declaration that contains a custom property is
 * not skipped if the browser does not understand it, but becomes unset:
 * https://drafts.csswg.org/css-variables/#invalid-variables
 */
export const olderStyles = css`
  /* Follows the system's scheme: CSS cannot query \`color-scheme\`. */
  @supports not (color: light-dark(#000, #fff)) {
    :host {
      ${ownColours((light) => light)}
    }

    @media (prefers-color-scheme: dark) {
      :host {
        ${ownColours((_, dark) => dark)}
      }
    }

    .base.lit {
      ${ownColours((light) => light)}
    }
  }

  /* Uses the width of the viewport, since that of the element cannot be queried, but at most the available space. */
  @supports not ((width: 1cqi) and (width: 1svh)) {
    :host {
      --_ring-width: min(
        100%,
        var(--face-liveness-ring-width, min(78vw, 320px, 46vh, max(9em, (100vh - 17em) * 0.75)))
      );
    }

    .base {
      gap: 16px;
      padding: var(--face-liveness-padding, 24px 16px);
    }

    h2 {
      font-size: var(--face-liveness-title-size, 1.35em);
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
