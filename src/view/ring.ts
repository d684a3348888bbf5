/** The ring: the camera picture, mirrored if it faces the person, and the progress of the session. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { FacingMode } from '../camera-choice.js';
import { LIVENESS_ERRORS, type FailureSentence } from '../protocol/errors.js';
import type { TurnProgress } from '../protocol/guidance.js';
import type { Rotation } from '../protocol/worker-api.js';
import type { In, SessionState, StateName } from '../session/state.js';
import { icon, type IconName } from './icons.js';

/** Width over height of the ring: the proportions of a head with some space around it. */
export const RING_ASPECT = 3 / 4;

/** The path starts at the top, so that progress grows from there in every engine and in both writing directions. */
const OUTLINE = 'M150 6 A144 194 0 0 1 150 394 A144 194 0 0 1 150 6';

type Tone = 'quiet' | 'busy' | 'guide' | 'good' | 'bad';

/** What the ring looks like in a state. */
interface RingLook {
  tone: Tone;
  /** 0…1, or null if there is no progress to show. */
  progress: number | 'indeterminate' | null;
  /** Shown in place of the camera's picture; null shows the picture. */
  icon: IconName | null;
  turn: TurnProgress | null;
}

function ringLook(state: SessionState): RingLook {
  const look: RingLook = { tone: 'quiet', progress: null, icon: null, turn: null };
  switch (state.name) {
    case 'idle':
      return { ...look, icon: 'face' };
    case 'preparing':
      return { ...look, tone: 'busy', progress: transferred(state), icon: state.preparation.camera ? null : 'face' };
    case 'framing':
      return { ...look, tone: 'guide', progress: state.progress };
    case 'capturing':
      return { ...look, tone: 'good', progress: state.progress };
    case 'prompting':
      return { ...look, tone: 'guide', icon: 'turn' };
    case 'activeMotion':
      return { ...look, tone: 'guide', progress: state.progress, turn: asked(state) };
    case 'submitting':
      return { ...look, tone: 'good', progress: transferred(state), icon: 'lock' };
    case 'succeeded':
      return { ...look, tone: 'good', progress: 1, icon: 'check' };
    case 'failed':
      return { ...look, tone: 'bad', icon: FAILURES[LIVENESS_ERRORS[state.failure.code].told] ?? 'alert' };
    case 'canceled':
      return { ...look, icon: 'cross' };
  }
}

/**
 * Progress of loading or sending. 0 and 1 are shown as indeterminate: cached files load at once, and what was sent is
 * not acknowledged yet.
 */
function transferred({ progress, waiting }: In<'preparing' | 'submitting'>): RingLook['progress'] {
  return !waiting && progress > 0 && progress < 1 ? progress : 'indeterminate';
}

/** Symbols for the kinds of failure. */
const FAILURES: Partial<Record<FailureSentence, IconName>> = {
  cameraDenied: 'camera',
  cameraMissing: 'camera',
  cameraBusy: 'camera',
  cameraFailed: 'camera',
  network: 'connection',
  slow: 'clock',
  session: 'clock',
  attempts: 'clock',
  busy: 'clock',
  position: 'clock',
  late: 'clock',
  light: 'light',
  turn: 'turn',
  smile: 'face',
  turnDeclined: 'turn',
};

/** The arrow, or the sign of a smile, is shown only while the words ask for it. */
function asked({ guidance, turn }: In<'activeMotion'>): RingLook['turn'] {
  return turn && (guidance?.code === turn.direction || guidance?.code === 'wrongWay') ? turn : null;
}

/** The states in which the outline is exposed as a progress bar. */
const COUNTED: readonly StateName[] = ['preparing', 'capturing', 'activeMotion', 'submitting'];

/** Decides how the camera's picture is shown. */
export interface Preview {
  facingMode: FacingMode;
  rotation: Rotation;
}

/** @param label accessible name of the camera's picture */
export function ring(state: SessionState, label: string, { facingMode, rotation }: Preview): TemplateResult {
  const mirrored = facingMode === 'user';
  const look = ringLook(state);
  const isBusy = look.progress === 'indeterminate';
  const isCounted = COUNTED.includes(state.name) && typeof look.progress === 'number';
  return html`
    <div
      part="ring ring-${look.tone}"
      class="ring"
      data-tone=${look.tone}
      ?data-busy=${isBusy}
      ?data-covered=${look.icon !== null}
    >
      <video
        part="video"
        class="${mirrored ? 'mirrored' : ''} ${rotation % 180 === 0 ? '' : 'sideways'}"
        .style=${`--rotation: ${rotation}deg`}
        aria-label=${label}
        aria-hidden=${look.icon === null ? 'false' : 'true'}
        playsinline
        muted
        autoplay
        disablepictureinpicture
      ></video>
      ${
        look.icon
          ? html`<div class="cover" part="cover"><slot name="${state.name}-icon">${icon(look.icon)}</slot></div>`
          : html`<div class="overlay" part="overlay"><slot name="overlay"></slot></div>`
      }
      <svg
        class="outline"
        part="outline"
        viewBox="0 0 300 400"
        role=${isCounted ? 'progressbar' : nothing}
        aria-labelledby=${isCounted ? 'title' : nothing}
        aria-valuenow=${isCounted ? Math.round(100 * Number(look.progress)) : nothing}
        aria-hidden=${isCounted ? nothing : 'true'}
      >
        <path class="track" part="track" d=${OUTLINE} pathLength="100"></path>
        ${
          look.progress
            ? svg`<path class="progress" part="progress" d=${OUTLINE} pathLength="100"
              stroke-dasharray="${look.progress === 'indeterminate' ? 22 : 100 * look.progress} 200"></path>`
            : nothing
        }
      </svg>
      ${look.turn ? motionSign(look.turn, mirrored) : nothing}
    </div>
  `;
}

/**
 * In a mirrored picture the person’s left is on the left of the screen, in an unmirrored one on the right, whatever the
 * writing direction.
 */
function motionSign({ direction, share }: TurnProgress, mirrored: boolean): TemplateResult {
  const side = mirrored ? MIRRORED_SIDES[direction] : SIDES[direction];
  return html`
    <div
      class="turn"
      part="turn turn-${side}"
      data-direction=${direction}
      data-side=${side}
      .style=${`--share: ${Math.max(0, share)}`}
    >
      ${
        direction === 'smile'
          ? html`<slot name="smile-icon">${sign(SMILE)}</slot>`
          : html`<slot name="turn-icon">${sign(ARROW)}</slot>`
      }
    </div>
  `;
}

const ARROW = 'M5 12h13M12 5l7 7-7 7';
const SMILE = 'M6 7.5v1M18 7.5v1M4.5 13.5c3.5 6.5 11.5 6.5 15 0';

function sign(path: string): TemplateResult {
  return html`<svg part="turn-icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}

const MIRRORED_SIDES = {
  lookLeft: 'left',
  lookRight: 'right',
  lookUp: 'top',
  lookDown: 'bottom',
  smile: 'smile',
} as const;
const SIDES = { ...MIRRORED_SIDES, lookLeft: 'right', lookRight: 'left' } as const;
