import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { booleanAttribute } from './boolean-attribute.js';
import { rememberCamera, type CameraInfo } from './camera-choice.js';
import { listCameras } from './camera.js';
import { resolveDeadlines, type Deadlines } from './deadlines.js';
import { LivenessError } from './errors.js';
import { EventQueue } from './event-queue.js';
import { LivenessCompleteEvent, LivenessErrorEvent } from './events.js';
import { styles } from './face-liveness.styles.js';
import { MovableElement } from './movable-element.js';
import { resolvePolicy, type PolicyOverrides } from './protocol/policy.js';
import { ROTATIONS } from './protocol/worker-api.js';
import { Preloader } from './preloader.js';
import { Recorder, type Recording } from './recording.js';
import type { LivenessResult } from './result.js';
import { eventsOf } from './session/events-of.js';
import { IDLE, isRunning } from './session/reduce.js';
import { endReplaced, SessionRunner } from './session/runner.js';
import type { SessionState } from './session/state.js';
import { LocalizeController } from './strings/localize-controller.js';
import type { LivenessStrings, StringOverrides } from './strings/strings.js';
import { actions, type Acts } from './view/actions.js';
import { CameraPicker } from './view/camera-picker.js';
import { controlStyles } from './view/controls.styles.js';
import { customStates } from './view/custom-states.js';
import { FocusKeeper } from './view/focus-keeper.js';
import { patternOf, vibrate } from './view/haptics.js';
import { Lamp } from './view/lamp.js';
import { olderStyles } from './view/older.styles.js';
import { preferenceStyles } from './view/preferences.styles.js';
import { ring, RING_ASPECT, type Preview } from './view/ring.js';
import { ringStyles } from './view/ring.styles.js';
import { SpokenWords } from './view/spoken-words.js';
import { announcementOf, wordsOf } from './view/words.js';
import { Visibility } from './visibility.js';

/**
 * Films a person's face, guides it into a good picture and hands the frames to a liveness session service.
 *
 * @summary Liveness capture for onboarding pages.
 * @tag face-liveness
 *
 * @attr {string} lang - Language of the words; if missing, that of the closest ancestor that has one.
 *
 * @fires {LivenessStateEvent} liveness-state - The session moved to another state: `state`.
 * @fires {LivenessGuidanceEvent} liveness-guidance - The guidance changed: `guidance`, and `turn` while a head turn or smile is asked for.
 * @fires {LivenessProgressEvent} liveness-progress - Loading, capture or upload made progress: `phase` (`loading`, `capture`, `upload`), and `progress` from 0 to 1.
 * @fires {LivenessCompleteEvent} liveness-complete - The service has acknowledged the frames: `result`.
 * @fires {LivenessErrorEvent} liveness-error - The attempt has failed: `error`.
 * @fires {LivenessCancelEvent} liveness-cancel - The person or the page canceled.
 *
 * @slot header - Above the title, for example a logo or the number of the step.
 * @slot actions - Beside the buttons, in every state, for example another way to continue, or a contact.
 * @slot footer - Below the buttons.
 * @slot overlay - Over the camera's picture; ignores pointer events.
 * @slot idle-icon - Replaces the symbol shown before the session starts.
 * @slot preparing-icon - Replaces the symbol shown until the camera is open.
 * @slot prompting-icon - Replaces the symbol of head turns, shown while the person is asked to agree to them.
 * @slot submitting-icon - Replaces the symbol shown while the frames are sent.
 * @slot succeeded-icon - Replaces the symbol of success.
 * @slot failed-icon - Replaces the symbol of failure.
 * @slot canceled-icon - Replaces the symbol of a canceled attempt.
 * @slot turn-icon - Replaces the arrow of a head turn; has to point to the right, the element rotates it.
 * @slot smile-icon - Replaces the sign of a smile.
 * @slot speak-on-icon - Replaces the symbol of spoken guidance while it is on.
 * @slot speak-off-icon - Replaces the symbol of spoken guidance while it is off.
 *
 * @csspart base - The whole element.
 * @csspart words - Title and text.
 * @csspart title - The instruction.
 * @csspart text - The explanation, if there is one.
 * @csspart ring - Camera picture or symbol, with the outline around it.
 * @csspart ring-quiet - The ring when idle or canceled.
 * @csspart ring-busy - The ring while the session is being prepared.
 * @csspart ring-guide - The ring while the person is guided or asked.
 * @csspart ring-good - The ring while all is well, and on success.
 * @csspart ring-bad - The ring on failure.
 * @csspart outline - The outline: `track` and `progress`.
 * @csspart track - The whole outline.
 * @csspart progress - The part of the outline that shows the progress.
 * @csspart video - The camera's picture.
 * @csspart overlay - The layer over the camera's picture, with the slot `overlay`.
 * @csspart cover - Replaces the camera's picture while there is none; contains a symbol.
 * @csspart icon - The symbol in the cover, and that in the button of spoken guidance.
 * @csspart turn - The arrow of a head turn, or the sign of a smile.
 * @csspart turn-left - The arrow when it points to the left of the screen.
 * @csspart turn-right - The arrow when it points to the right of the screen.
 * @csspart turn-top - The arrow when it points up.
 * @csspart turn-bottom - The arrow when it points down.
 * @csspart turn-smile - The sign of a smile.
 * @csspart turn-icon - The symbol in the arrow or sign.
 * @csspart actions - The buttons and the camera selector.
 * @csspart button - Every button except that of spoken guidance.
 * @csspart primary - A button that continues: start, try again, agree.
 * @csspart plain - A button that declines or cancels.
 * @csspart start - The button that starts.
 * @csspart try-again - The button that starts another attempt.
 * @csspart agree - The button that agrees to head turns.
 * @csspart decline - The button that declines head turns.
 * @csspart cancel - The button that cancels.
 * @csspart camera-select - The camera selector.
 * @csspart speak - The button that switches spoken guidance on and off; present only if the device has a voice for the language.
 * @csspart speak-on - The `speak` button while spoken guidance is on.
 * @csspart speak-off - The `speak` button while spoken guidance is off.
 *
 * @cssproperty [--face-liveness-accent=light-dark(#0b5cd5, #7db2ff)] - Outline, primary button, focus, arrow.
 * @cssproperty [--face-liveness-on-accent=light-dark(#fff, #06172e)] - Text and symbols on the accent colour.
 * @cssproperty [--face-liveness-surface=light-dark(#fff, #11161d)] - Background.
 * @cssproperty [--face-liveness-text=light-dark(#131a24, #eef2f7)] - Title and buttons.
 * @cssproperty [--face-liveness-muted=light-dark(#55606f, #a5b0bf)] - Text and symbols.
 * @cssproperty [--face-liveness-track=light-dark(#d9dfe8, #323c49)] - Outline without progress, and borders.
 * @cssproperty [--face-liveness-well=light-dark(#f1f4f8, #1a212b)] - Background of the ring, the camera selector and hovered plain buttons.
 * @cssproperty [--face-liveness-good=light-dark(#12805c, #4cc79b)] - Outline and symbol while all is well, and on success.
 * @cssproperty [--face-liveness-bad=light-dark(#c0312b, #ff8f88)] - Outline and symbol on failure.
 * @cssproperty [--face-liveness-lamp=#fff] - Fills the screen as a lamp when the face is too dark; see `no-light-help`.
 * @cssproperty [--face-liveness-radius=20px] - Corner radius of the element.
 * @cssproperty [--face-liveness-button-radius=999px] - Corner radius of the buttons and the camera selector.
 * @cssproperty [--face-liveness-padding=clamp(16px, 6cqi, 36px) clamp(12px, 5cqi, 36px)] - Padding between the edge and the content.
 * @cssproperty [--face-liveness-min-height=auto] - Minimum height; `100svh` fills a phone's screen.
 * @cssproperty [--face-liveness-title-size=clamp(1.2em, 5.5cqi, 1.5em)] - Font size of the title.
 * @cssproperty [--face-liveness-ring-thickness=7] - Thickness of the outline, in 1/300 of the ring's width.
 * @cssproperty [--face-liveness-ring-width=min(78cqi, 320px, 46svh, max(9em, (100svh - 17em) * 0.75))] - Width of the ring; its height is 4/3 of it.
 * @cssproperty [--face-liveness-font=system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif] - Font family.
 *
 * @cssstate idle - Before the start, and again once there is another token.
 * @cssstate preparing - Camera, face model and session are being opened.
 * @cssstate framing - Guiding the face into the picture.
 * @cssstate capturing - All is well, and pictures are being taken.
 * @cssstate prompting - Asking whether the person agrees to head turns.
 * @cssstate activeMotion - Head turns.
 * @cssstate submitting - Sending the frames.
 * @cssstate succeeded - The service has acknowledged the frames.
 * @cssstate failed - The attempt has failed.
 * @cssstate canceled - The person or the page canceled.
 */
export class FaceLiveness extends MovableElement {
  static override styles = [styles, ringStyles, controlStyles, olderStyles, preferenceStyles];
  /** Session token from your back end; `start()` can also take it as an argument. If it changes after a run has ended, the element becomes idle again (and starts, with `autostart`); if it changes during a run, the next `start()` uses it. Kept in memory only, never reflected. */
  @property({ attribute: 'auth-token' }) authToken = '';
  /** Base URL of the session service; if empty, the audience of the token. */
  @property() endpoint = '';
  /** Id of this device for sessions created with `deviceCorrelationIdSetInClient`: 1 to 64 visible characters. */
  @property({ attribute: 'device-correlation-id' }) deviceCorrelationId = '';
  /** Photograph of the person to compare with, for sessions with verify that were created without one: JPEG, PNG, WebP or BMP, 1 KB to 6 MB; read and checked by `start()`. */
  @property({ attribute: false }) verifyImage: Blob | null = null;
  /** `deviceId` of the camera to use; if empty, the one this person chose here before, else a physical camera that faces the right way. */
  @property({ attribute: 'camera-id' }) cameraId = '';
  /** Which way the camera faces, if there is a choice; read by `start()`. */
  @property({ attribute: 'facing-mode' }) facingMode: 'user' | 'environment' = 'user';
  /** Rotation for a camera that is mounted on its side: its pictures are turned clockwise by 0, 90, 180 or 270 degrees; read by `start()`. */
  @property({ type: Number, attribute: 'camera-rotation' }) cameraRotation: 0 | 90 | 180 | 270 = 0;
  /** Folder with the face model and its wasm; if empty, `liveness-assets/` beside the script. */
  @property() assets = '';
  /** Address of the worker file, if it is not beside the script. */
  @property({ attribute: 'worker-url' }) workerUrl = '';
  /** Fetches the face model and its wasm as soon as the element is in the page, so that a session starts at once. */
  @property(booleanAttribute) preload = false;
  /** Starts as soon as there is an `auth-token`; in a background tab or a closed dialog, the camera is requested only when the element becomes visible. */
  @property(booleanAttribute) autostart = false;
  /** Prevents the element from turning the whole screen white, as a lamp, when the face is too dark. */
  @property({ ...booleanAttribute, attribute: 'no-light-help' }) noLightHelp = false;
  /** Speaks the shown words aloud, if the device has a voice for the language. The person can switch it on and off. */
  @property(booleanAttribute) speak = false;
  /** Vibrates to convey directions and progress, if the device can. */
  @property(booleanAttribute) vibrate = false;
  /** Overrides of the default thresholds of guidance and capture. */
  @property({ attribute: false }) policy: PolicyOverrides = {};
  /** Overrides of the language's words. */
  @property({ attribute: false }) strings: StringOverrides = {};
  /** Overrides of the default deadlines, in milliseconds. */
  @property({ attribute: false }) deadlines: Partial<Deadlines> = {};
  /** Records measurements and events, without pixels, for `recording`. */
  @property(booleanAttribute) record = false;

  @state() private _session: SessionState = IDLE;
  @query('video') private readonly _video!: HTMLVideoElement;

  private readonly _markState = customStates(this);
  private readonly _focusKeeper = new FocusKeeper(this, () => this._session);
  private readonly _localize = new LocalizeController(this);
  private readonly _spoken = new SpokenWords(this);
  private readonly _cameraPicker = new CameraPicker(this, () => isRunning(this._session));
  private readonly _lamp = new Lamp(this);
  private readonly _preloader = new Preloader();
  private readonly _visibility = new Visibility(this);
  private readonly _runner = new SessionRunner({
    visibility: this._visibility,
    video: async () => {
      await this.updateComplete;
      return this._video;
    },
    cancelOutside: () => this._cancelOutside(),
    stateChanged: (session) => this._stateChanged(session),
  });
  /** How the current run shows the camera; fixed at its start, because the preview has to match what is sent. */
  private _preview: Preview = { facingMode: 'user', rotation: 0 };
  private _recorder: Recorder | null = null;
  /**
   * Whether the run started while the element was hidden, and the element has not been visible since. Then the words
   * about allowing the camera are not announced: nobody is there to do it.
   */
  private _isUnseen = false;
  /** Token of the last run, and the value of `auth-token` when it ended. */
  private _tried = '';
  private _tokenAtEnd = '';
  private readonly _eventQueue = new EventQueue();
  private _settle: { resolve: (result: LivenessResult) => void; reject: (error: LivenessError) => void } | null = null;

  /**
   * Runs one attempt of the session behind `token`. Further tries that the person starts are reported by events only.
   * If the element is outside the document, the attempt is canceled.
   *
   * @param token session token from your back end; defaults to `auth-token`
   * @returns what your back end needs to read and check the result
   * @throws LivenessError when the attempt fails or is canceled
   */
  start(token = this.authToken): Promise<LivenessResult> {
    return new Promise((resolve, reject) => {
      endReplaced();
      if (isRunning(this._session)) {
        throw new LivenessError({ code: 'AlreadyRunning', message: 'start() was called while a session is running' });
      }
      this.authToken = this._tried = token;
      this._localize.follow();
      this._recorder = this.record ? new Recorder() : null;
      this._settle = { resolve, reject };
      this._lamp.start();
      this._spoken.restart();
      this._isUnseen = this._visibility.checkHidden();
      this._visibility.addEventListener('change', this._becomeVisible, { once: true });
      // An attribute may hold any text, and a property may be null.
      const rotation = ROTATIONS.find((one) => one === this.cameraRotation) ?? 0;
      const facingMode = this.facingMode === 'environment' ? 'environment' : 'user';
      this._preview = { facingMode, rotation };
      this._runner.start({
        token,
        endpoint: this.endpoint,
        deviceCorrelationId: this.deviceCorrelationId,
        verifyImage: this.verifyImage,
        camera: { cameraId: this.cameraId, facingMode },
        view: { ringAspect: RING_ASPECT, rotation },
        assets: this.assets,
        workerUrl: this.workerUrl,
        policy: resolvePolicy(this.policy),
        deadlines: resolveDeadlines(this.deadlines),
        recorder: this._recorder,
      });
      queueMicrotask(this._cancelOutside);
    });
  }

  /** Recording of the last run, if `record` was set when it started. */
  get recording(): Recording | null {
    return this._recorder?.recording ?? null;
  }

  /**
   * The available cameras, for a selector of your own that sets `camera-id`. Labels are empty until the page may use a
   * camera. Never rejects.
   */
  cameras(): Promise<CameraInfo[]> {
    return listCameras();
  }

  /** Moves the focus to the title: from there a screen reader reads on, and the keyboard goes on to the buttons. */
  override focus(options?: FocusOptions): void {
    if (!this.hasUpdated) this.performUpdate();
    this._focusKeeper.focus(options);
  }

  /** Ends a running attempt and turns the camera off at once. Does nothing if none is running. */
  cancel(): void {
    this._runner.cancel();
  }

  protected override windowLeaves(): void {
    this.cancel();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moving the element within the document disconnects and reconnects it in one task, which is not a removal.
    queueMicrotask(this._cancelOutside);
    if (this.vibrate) vibrate([]);
  }

  protected override willUpdate(): void {
    const hasEnded = this._session !== IDLE && !isRunning(this._session);
    // A new token discards the last outcome, unless it was set before the run ended: then nobody has seen the outcome
    // yet.
    if (hasEnded && this._hasOtherToken && this.authToken !== this._tokenAtEnd) this._runner.reset();
  }

  /** Whether `auth-token` holds a token that the last run did not use. */
  private get _hasOtherToken(): boolean {
    return Boolean(this.authToken) && this.authToken !== this._tried;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    this._announce();
    // `_follow` may cause another update, which must not be part of this one.
    queueMicrotask(() => this._follow(changed));
  }

  /** Applies the properties that take effect without a method call. */
  private _follow(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('cameraId')) this._runner.chooseCamera(this.cameraId);
    if (this.autostart && this.authToken && this._session.name === 'idle' && this.isInWindow) {
      this.start().catch(() => undefined); // reported by events
    }
    if (this.preload && this.isInWindow && !isRunning(this._session))
      this._preloader.fetch(this.assets, this.workerUrl);
  }

  protected override render(): TemplateResult {
    const { strings, lang, dir, ready } = this._localize;
    const words = wordsOf(this._session, strings, this._hasOtherToken);
    const mayStart = !this.autostart && Boolean(this.authToken);
    return html`
      <section
        class="base ${this._lamp.isShown ? 'lit' : ''}"
        part="base"
        lang=${lang}
        dir=${dir}
        aria-label=${strings.region}
        ?data-wordless=${!ready}
      >
        <div class="words" part="words">
          <slot name="header"></slot>
          <h2 id="title" part="title" tabindex="-1">${words.title}</h2>
          ${words.text ? html`<p part="text">${words.text}</p>` : nothing}
        </div>
        ${ring(this._session, strings.preview, this._preview)}
        <div class="actions" part="actions">
          ${actions(this._session, strings, { mayStart, hasOtherToken: this._hasOtherToken }, this._acts)}
          ${this._cameraSelect(strings)}
          <slot name="actions"></slot>
          <slot name="footer"></slot>
        </div>
        ${this._spoken.button(strings.speak, lang)} ${this._spoken.region()}
      </section>
    `;
  }

  /** Announces the current words, unless nobody can be there to hear them. */
  private _announce(): void {
    const { strings, lang, ready } = this._localize;
    const isHidden = this._session.name === 'idle' && !this._visibility.isRendered();
    const isQuiet = isHidden || (this._isUnseen && this._session.name === 'preparing');
    if (ready && this.isInWindow && !isQuiet)
      this._spoken.announce(announcementOf(this._session, strings, lang, this._hasOtherToken), lang);
  }

  private _cameraSelect(strings: LivenessStrings): TemplateResult | typeof nothing {
    const mayChange = this._session.name === 'framing' || this._session.name === 'capturing';
    return mayChange ? this._cameraPicker.render(this._runner.cameraId, strings.camera, this._pickCamera) : nothing;
  }

  private _cancelOutside = (): void => {
    if (!this.isInWindow) this.cancel();
  };

  private _becomeVisible = (): void => {
    this._isUnseen = false;
    this.requestUpdate();
  };

  private _pickCamera = (deviceId: string): void => {
    rememberCamera(deviceId, this._preview.facingMode);
    this._runner.chooseCamera(deviceId);
  };

  private readonly _acts: Acts = {
    start: () => void this.start().catch(() => undefined), // reported by events
    cancel: () => {
      this._spoken.interrupt();
      this.cancel();
    },
    answer: (agreed) => {
      this._spoken.interrupt();
      this._runner.answerPrompt(agreed);
    },
  };

  private _stateChanged(next: SessionState): void {
    const before = this._session;
    const settle = this._settle;
    this._session = next;
    // Before any event is dispatched, since a listener may start a new run or cancel.
    if (!isRunning(next)) {
      this._settle = null;
      this._tokenAtEnd = this.authToken;
    }
    if (before.name !== next.name) this._markState(next.name);
    if (before.name === 'preparing' && next.name === 'framing') void this._cameraPicker.list();
    this._preloader.follow(before, next, this.assets);
    const pattern = this.vibrate && this.isInWindow ? patternOf(before, next) : null;
    if (pattern) vibrate(pattern);
    this._lamp.follow(next, !this.noLightHelp);
    // Queued, so that if a listener changes the state, listeners further out still hear of this change before the next.
    this._eventQueue.add(() => this._tell(before, next, settle));
  }

  private _tell(before: SessionState, next: SessionState, settle: typeof this._settle): void {
    const now = this._session;
    for (const event of eventsOf(before, next)) {
      // A listener changed the state: drop the remaining events, except those of an ended session.
      if (this._session !== now && isRunning(next)) return;
      this.dispatchEvent(event);
      if (event instanceof LivenessCompleteEvent) settle?.resolve(event.result);
      if (event instanceof LivenessErrorEvent) settle?.reject(event.error);
    }
    if (next.name === 'canceled') {
      const failure = { code: next.code, message: 'The session was canceled' };
      settle?.reject(new LivenessError(failure, next.attemptsRemaining));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'face-liveness': FaceLiveness;
  }
}
