/** Who asked for which session, and what was reported about it. In memory: a demo forgets at restart, a bank would not. */
import type { ResultReport, StoredReport } from '../../common/contract.js';

const MOST_SESSIONS = 1000;
/** Place of a report about what is no submission. */
const NOT_AUDITED = '';
/** As long as the service keeps a session, and its audit by which reports are shown. */
const KEPT_MS = 48 * 3_600_000;
/** As long as one may be under way. */
export const TOKEN_LIFETIME_IN_SECONDS = 600;
const TOKEN_LIFETIME_MS = TOKEN_LIFETIME_IN_SECONDS * 1000;

interface Visit {
  visitor: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The newest last. By submission those that are in the audit, which bounds their number; the others have one place. */
  reports: Map<string, StoredReport>;
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
    this.#forget(now);
    for (const [sessionId, { createdAt }] of this.#sessions) {
      if (this.#isFree() || createdAt + TOKEN_LIFETIME_MS > now) break;
      this.#sessions.delete(sessionId);
    }
    if (!this.#isFree()) {
      const [oldest] = this.#sessions.values();
      const left = oldest ? oldest.createdAt + TOKEN_LIFETIME_MS - now : 0;
      return Math.max(1, Math.ceil(left / 1000));
    }
    this.#taken++;
    return 0;
  }

  /** Gives back a place that was taken: its session could not be made. */
  giveBack(): void {
    this.#taken--;
  }

  /** In the place that was taken for it. */
  remember(sessionId: string, visitor: string): void {
    this.#taken--;
    this.#sessions.set(sessionId, { visitor, createdAt: Date.now(), reports: new Map() });
  }

  #isFree(): boolean {
    return this.#sessions.size + this.#taken < MOST_SESSIONS;
  }

  owns(visitor: string | undefined, sessionId: string): boolean {
    return visitor !== undefined && this.#sessions.get(sessionId)?.visitor === visitor;
  }

  /** @returns the first report about its submission: whoever reports again has been told which digest would have been right */
  firstReport(report: ResultReport): ResultReport {
    return this.#sessions.get(report.sessionId)?.reports.get(report.resultId) ?? report;
  }

  report(report: StoredReport, isAudited: boolean): void {
    const reports = this.#sessions.get(report.sessionId)?.reports;
    const place = isAudited ? report.resultId : NOT_AUDITED;
    reports?.delete(place);
    reports?.set(place, report);
  }

  /** Of the newest session first, and of each its newest. */
  reports(): StoredReport[] {
    this.#forget(Date.now());
    return [...this.#sessions.values()].flatMap(({ reports }) => [...reports.values()]).reverse();
  }

  #forget(now: number): void {
    for (const [sessionId, { createdAt }] of this.#sessions) {
      if (createdAt + KEPT_MS > now) break;
      this.#sessions.delete(sessionId);
    }
  }
}
