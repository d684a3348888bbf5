/** The lamp: covers the page with white light while the person is guided, once the face has been too dark. */
import type { ReactiveControllerHost } from 'lit';
import type { GuidanceCode } from '../protocol/guidance.js';
import { rootsAround } from '../roots-around.js';
import { isRunning } from '../session/reduce.js';
import type { SessionState, StateName } from '../session/state.js';

/**
 * How long the person must be told of the dark without a break before the lamp turns on: a hand in front of the lens is
 * not a dark room.
 */
const DARK_MS = 1_000;

/** The states in which the camera films, or soon will again. */
const FILMED: readonly StateName[] = ['framing', 'capturing', 'prompting', 'activeMotion'];

export class Lamp {
  readonly #host: ReactiveControllerHost & Element;
  /** Stays on when the face is bright enough, since it would be dark again without it. */
  #isOn = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #focusWentAway = false;
  #watching = new AbortController();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /**
   * False while the lamp would hide the focused control: if the focus has moved, since the run began, to something
   * outside the element and is still there.
   */
  get isShown(): boolean {
    // Read on every render: a removed element loses the focus, and not every browser fires an event for that.
    const { activeElement, body } = this.#host.ownerDocument;
    const isAway = this.#focusWentAway && activeElement !== null && activeElement !== body;
    return this.#isOn && !isAway;
  }

  /** A run begins. */
  start(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    this.#focusWentAway = false;
    const { signal } = this.#watching;
    for (const root of rootsAround(this.#host)) root.addEventListener('focusin', this.#focusMoved, { signal });
  }

  follow(session: SessionState, isAllowed: boolean): void {
    if (!isRunning(session)) this.#watching.abort();
    const told = toldIn(session);
    // Not turned off during head turns: there `tooDark` is never shown, so it would not turn on again when the camera
    // recovers.
    const isBlind = told === 'cameraStalled' && session.name !== 'activeMotion';
    const isUseful = isAllowed && FILMED.includes(session.name) && !isBlind;
    if (!isUseful) this.#isOn = false;
    if (isUseful && told === 'tooDark' && !this.#isOn) {
      this.#timer ??= setTimeout(this.#turnOn, DARK_MS);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  #turnOn = (): void => {
    this.#isOn = true;
    this.#host.requestUpdate();
  };

  #focusMoved = (): void => {
    const wasAway = this.#focusWentAway;
    this.#focusWentAway = !this.#host.matches(':focus-within');
    // Moves within the host need no update; the host itself may cause one at the end of an update.
    if (wasAway || this.#focusWentAway) this.#host.requestUpdate();
  };
}

/** What the person is told, by guidance or by the prompt; undefined while the session is paused. */
function toldIn(session: SessionState): GuidanceCode | 'required' | undefined {
  if ('waiting' in session && session.waiting) return undefined;
  if (session.name === 'prompting') return session.reason;
  return 'guidance' in session ? session.guidance?.code : undefined;
}
