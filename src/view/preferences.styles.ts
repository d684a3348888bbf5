import { css } from 'lit';

/** Styles for system preferences: less motion, more contrast, forced colours. Comes last, to override the others. */
export const preferenceStyles = css`
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

  /* System colours: the fill marks the primary button, the system accent marks progress. */
  @media (forced-colors: active) {
    .track,
    .ring:is([data-tone='guide'], [data-tone='bad']) .track {
      stroke: GrayText;
      stroke-width: 1.5;
    }

    .progress {
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
