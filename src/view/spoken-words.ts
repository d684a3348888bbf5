/** Says the words of the session: in the live region, and aloud if the person or the page has switched that on. */
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { Announcer } from './announcer.js';
import { speakButton } from './speak-button.js';
import { Speaker } from './speaker.js';

interface Host extends ReactiveControllerHost {
  /** Whether to speak aloud, too. */
  speak: boolean;
  readonly isConnected: boolean;
}

export class SpokenWords implements ReactiveController {
  readonly #host: Host;
  readonly #speaker: Speaker;
  readonly #announcer = new Announcer((text) => this.#say(text));
  #lang = '';
  #isAloud = false;

  constructor(host: Host) {
    this.#host = host;
    this.#speaker = new Speaker(host);
    host.addController(this);
  }

  /** Drops what has not been said yet. */
  hostDisconnected(): void {
    this.#announcer.stop();
  }

  /** If `speak` was switched on, speaks the current text; if off, falls silent. */
  hostUpdated(): void {
    if (this.#isAloud === this.#host.speak) return;
    this.#isAloud = this.#host.speak;
    if (!this.#isAloud) this.#speaker.hush();
    else if (this.#announcer.said) this.#speaker.say(this.#announcer.said, this.#lang);
  }

  /**
   * To be called when a run begins, in the user gesture if there is one: its first text is said even if it is the same
   * as the last.
   */
  restart(): void {
    if (this.#host.speak) this.#speaker.wake();
    this.#announcer.forget();
  }

  /** To be called when the person presses a button: the next text is announced sooner. */
  interrupt(): void {
    this.#announcer.interrupt();
  }

  announce(text: string, lang: string): void {
    this.#lang = lang;
    this.#announcer.announce(text);
  }

  region(): TemplateResult {
    return html`<div class="live" role="status" aria-live="polite">${this.#announcer.said}</div>`;
  }

  /** Shown only if the device has a voice for the language. */
  button(label: string, lang: string): TemplateResult | typeof nothing {
    return this.#speaker.canSpeak(lang) ? speakButton(label, this.#host.speak, this.#toggle) : nothing;
  }

  #toggle = (): void => {
    this.#host.speak = !this.#host.speak;
    if (this.#host.speak) this.#speaker.wake();
  };

  #say(text: string): void {
    this.#host.requestUpdate();
    if (text && this.#host.speak && this.#host.isConnected) this.#speaker.say(text, this.#lang);
  }
}
