/** Who asked for which session, and what was reported about it. In memory: a demo forgets at restart, a bank would not. */
import type { StoredReport } from '../../shared/contract.js';

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

  /** @returns 0, or how long to wait: whoever asks on and on must not drive out those who are under way */
  secondsUntilRoom(): number {
    const [oldest] = this.#sessions.values();
    if (!oldest || this.#sessions.size < MOST_SESSIONS) return 0;
    return Math.max(0, Math.ceil((oldest.until - Date.now()) / 1000));
  }

  remember(sessionId: string, visitor: string, lifetimeInSeconds: number): void {
    this.#sessions.set(sessionId, { visitor, until: Date.now() + lifetimeInSeconds * 1000, reports: [] });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
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
