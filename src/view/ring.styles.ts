import { css } from 'lit';

/** The ring, its content, and the arrow beside it. */
export const ringStyles = css`
  .ring {
    --_tone: var(--_accent);

    position: relative;
    align-self: start;
    inline-size: var(--_ring-width);
    aspect-ratio: 3 / 4;
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
    transform: scaleX(var(--_mirror, 1)) rotate(var(--rotation));
  }

  /* For a camera mounted on its side: the box lies across the ring, and fills it once rotated. */
  video.sideways {
    inset: 50% auto auto 50%;
    inline-size: calc(91.2% * 4 / 3);
    block-size: calc(91.2% * 3 / 4);
    transform: translate(-50%, -50%) scaleX(var(--_mirror, 1)) rotate(var(--rotation));
  }

  /* Not hidden by display or visibility, because Safari stops a hidden video. Not fully transparent, because Firefox
     does not paint that, and before 132 only painted frames show that the camera delivers. */
  .ring[data-covered] video {
    opacity: 0.01;
  }

  .mirrored {
    --_mirror: -1;
  }

  .cover {
    display: grid;
    place-items: center;
    color: var(--_muted);
  }

  .ring:is([data-tone='good'], [data-tone='bad']) .cover {
    color: var(--_tone);
    background: color-mix(in srgb, var(--_tone) 8%, var(--_surface));
  }

  /* Slotted replacements of a symbol. */
  .cover ::slotted(*) {
    max-inline-size: 60%;
    max-block-size: 60%;
  }

  .turn ::slotted(*) {
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
    stroke: var(--_tone);
  }

  .progress {
    stroke: var(--_tone);
    transition: stroke-dasharray 160ms linear;
  }

  .ring[data-busy] .progress {
    animation: run 1.5s linear infinite;
  }

  @keyframes run {
    to {
      stroke-dashoffset: -100;
    }
  }

  .turn {
    --_size: clamp(48px, 22%, max(72px, 4.5em));

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

  /* Physical sides of the screen, independent of the writing direction. */
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

  .turn[data-side='smile'] {
    left: 50%;
    bottom: 0;
    transform: translate(-50%, -22%);
  }
`;
