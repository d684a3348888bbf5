/** What was decided, as a mark that cannot be taken for that of two equal digests. */
import { create } from '../common/dom.js';
import { mark, type Tone } from '../common/mark.js';
import type { AttemptResult, Service, SessionItem } from './service.js';

const TONES: Record<string, Tone> = { realface: 'good', spoofface: 'bad', uncertain: 'open' };

export function decisionMark(result: AttemptResult): HTMLElement {
  return mark(...toneAndWords(result));
}

export function toneAndWords({ livenessDecision = 'no decision', verifyResult }: AttemptResult): [Tone, string] {
  // Another live person is a real face too, and not to be accepted.
  if (verifyResult?.isIdentical === false) return ['bad', `${livenessDecision}, another person`];
  return [TONES[livenessDecision] ?? 'unknown', livenessDecision];
}

/** The list does not tell decisions: each is read when its line comes into sight, and once it is there not again. */
export class Decisions {
  readonly #service: Service;
  /** By what the list answered: a later answer has items of its own. */
  readonly #results = new WeakMap<SessionItem, Promise<AttemptResult>>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** @returns a place for what is to be shown of the decision; none where nothing was started */
  placeFor(session: SessionItem, show: (result: AttemptResult) => HTMLElement | null): HTMLElement | null {
    if (session.attemptsStarted === 0) return null;
    const place = create('span', { class: 'fine' }, '…');
    whenInSight(place, () => {
      this.#resultOf(session).then(
        (result) => place.replaceWith(show(result) ?? ''),
        // Deleted meanwhile, or the service is away: who opens the session reads which.
        () => place.remove(),
      );
    });
    return place;
  }

  #resultOf(session: SessionItem): Promise<AttemptResult> {
    const known = this.#results.get(session) ?? this.#read(session);
    this.#results.set(session, known);
    // What is not decided may be soon, and what could not be read can be another time.
    const forget = () => this.#results.delete(session);
    known.then(({ livenessDecision }) => livenessDecision ?? forget(), forget);
    return known;
  }

  async #read(session: SessionItem): Promise<AttemptResult> {
    const attempts = await this.#service.getAttempts(session);
    return attempts.find(({ result }) => result?.livenessDecision)?.result ?? {};
  }
}

function whenInSight(place: HTMLElement, then: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    then();
  });
  observer.observe(place);
}
