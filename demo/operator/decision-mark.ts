/** Shows a decision as a mark that cannot be mistaken for the mark of matching digests. */
import { create } from '../common/dom.js';
import { mark, type Tone } from '../common/mark.js';
import type { AttemptResult, Service, SessionItem } from './service.js';

const TONES: Record<string, Tone> = { realface: 'good', spoofface: 'bad', uncertain: 'open' };

export function decisionMark(result: AttemptResult): HTMLElement {
  return mark(...toneAndWords(result));
}

export function toneAndWords({ livenessDecision = 'no decision', verifyResult }: AttemptResult): [Tone, string] {
  // A live person who is not the one in the verify image also gets `realface`, but must not look accepted.
  if (verifyResult?.isIdentical === false) return ['bad', `${livenessDecision}, another person`];
  return [TONES[livenessDecision] ?? 'unknown', livenessDecision];
}

/** Fetches decisions, which the list of sessions lacks: each once, when its row comes into view. */
export class Decisions {
  readonly #service: Service;
  /** Keyed by the list's item objects: a newly loaded list has new ones, so decisions are requested again. */
  readonly #results = new WeakMap<SessionItem, Promise<AttemptResult>>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** @returns a placeholder that `show` replaces once the decision is known; null if no attempt was started */
  placeFor(session: SessionItem, show: (result: AttemptResult) => HTMLElement | null): HTMLElement | null {
    if (session.attemptsStarted === 0) return null;
    const place = create('span', { class: 'fine' }, '…');
    whenVisible(place, () => {
      this.#resultOf(session).then(
        (result) => place.replaceWith(show(result) ?? ''),
        // The session has been deleted, or the service is unreachable: opening the session tells which.
        () => place.remove(),
      );
    });
    return place;
  }

  #resultOf(session: SessionItem): Promise<AttemptResult> {
    const known = this.#results.get(session) ?? this.#read(session);
    this.#results.set(session, known);
    // Forgets a missing or failed result, so that the next call asks again.
    const forget = () => this.#results.delete(session);
    known.then(({ livenessDecision }) => livenessDecision ?? forget(), forget);
    return known;
  }

  async #read(session: SessionItem): Promise<AttemptResult> {
    const attempts = await this.#service.getAttempts(session);
    return attempts.find(({ result }) => result?.livenessDecision)?.result ?? {};
  }
}

function whenVisible(place: HTMLElement, then: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    then();
  });
  observer.observe(place);
}
