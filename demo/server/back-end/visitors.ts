/** Who asked for which session, and what was reported about it. In memory: a demo forgets at restart, a bank would not. */
import type { StoredReport } from '../../common/contract.js';

const MOST_SESSIONS = 1000;
const MOST_REPORTS_OF_A_SESSION = 10;

interface Visit {
  visitor: string;
  /** Milliseconds since the epoch until which it may be under way. */
  until: number;
  reports: StoredReport[];
}

export class Visitors {
  /** In order of creation, so that the first is the oldest. */
  readonly #sessions = new Map<string, Visit>();

  /** Places taken for sessions that are being made. */
  #taken = 0;

  /**
   * Takes a place, before anything is waited for: of those who come at once each would find the same one free.
   *
   * @returns 0, or how long to wait: whoever asks on and on must not drive out those who are under way
   */
  takePlace(): number {
    const now = Date.now();
    for (const [sessionId, { until }] of this.#sessions) {
      if (this.#isFree() || until > now) break;
      this.#sessions.delete(sessionId);
    }
    if (!this.#isFree()) {
      const [oldest] = this.#sessions.values();
      return Math.max(1, Math.ceil(((oldest?.until ?? now) - now) / 1000));
    }
    this.#taken++;
    return 0;
  }

  /** Gives back a place that was taken: its session could not be made. */
  giveBack(): void {
    this.#taken--;
  }

  /** In the place that was taken for it. */
  remember(sessionId: string, visitor: string, lifetimeInSeconds: number): void {
    this.#taken--;
    this.#sessions.set(sessionId, { visitor, until: Date.now() + lifetimeInSeconds * 1000, reports: [] });
  }

  #isFree(): boolean {
    return this.#sessions.size + this.#taken < MOST_SESSIONS;
  }

  owns(visitor: string | undefined, sessionId: string): boolean {
    return visitor !== undefined && this.#sessions.get(sessionId)?.visitor === visitor;
  }

  report(report: StoredReport): void {
    const reports = this.#sessions.get(report.sessionId)?.reports;
    reports?.push(report);
    if (reports && reports.length > MOST_REPORTS_OF_A_SESSION) reports.shift();
  }

  /** Of the newest session first, and of each its newest. */
  reports(): StoredReport[] {
    return [...this.#sessions.values()].flatMap(({ reports }) => reports).reverse();
  }
}
