/** The lamp: the element covers the page with white light while the person is guided and the face was too dark. */
import type { ReactiveControllerHost } from 'lit';
import type { GuidanceCode } from '../protocol/guidance.js';
import { rootsAround } from '../roots-around.js';
import { isRunning } from '../session/reduce.js';
import type { SessionState, StateName } from '../session/state.js';

/** How long the person must be told of the dark without a break: a hand before the lens is no dark room. */
const DARK_MS = 1_000;

/** The states in which the camera films, or soon does again. */
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
   * Not while it would hide the focus: if that moved to something on the page outside the element and is still there.
   * Where it was when the run began does not count.
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
    // In the head turns nothing tells of the dark again, once the camera shows something.
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
    // Moves within the host need no update; the host itself may move the focus there at the end of one.
    if (wasAway || this.#focusWentAway) this.#host.requestUpdate();
  };
}

/** What the person is told of, by guidance or by the question; nothing while the page is hidden. */
function toldIn(session: SessionState): GuidanceCode | 'required' | undefined {
  if ('waiting' in session && session.waiting) return undefined;
  if (session.name === 'prompting') return session.reason;
  return 'guidance' in session ? session.guidance?.code : undefined;
}
