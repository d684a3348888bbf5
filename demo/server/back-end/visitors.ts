/** Who asked for which session, and what was reported about it. In memory: a demo forgets at restart, a bank would not. */
import type { StoredReport } from '../../shared/contract.js';

const MOST_SESSIONS = 1000;
const MOST_REPORTS_OF_A_SESSION = 10;

export class Visitors {
  /** In order of creation, so that the first is the oldest. */
  readonly #sessions = new Map<string, { visitor: string; reports: StoredReport[] }>();

  remember(sessionId: string, visitor: string): void {
    this.#sessions.set(sessionId, { visitor, reports: [] });
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
