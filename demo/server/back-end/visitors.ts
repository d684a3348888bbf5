/** Who asked for which session, and what was reported about it. In memory: a demo forgets at restart, a bank would not. */
import type { ResultReport, StoredReport } from '../../common/contract.js';

const MOST_SESSIONS = 1000;
/** Place of a report about what is no submission. */
const NOT_AUDITED = '';
/** As long as the service keeps a session, and its audit by which reports are shown. */
const KEPT_MS = 48 * 3_600_000;

interface Visit {
  visitor: string;
  /** Milliseconds since the epoch until which it may be under way. */
  until: number;
  /** Milliseconds since the epoch at which it is forgotten. */
  keptUntil: number;
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
    const now = Date.now();
    const until = now + lifetimeInSeconds * 1000;
    this.#sessions.set(sessionId, { visitor, until, keptUntil: now + KEPT_MS, reports: new Map() });
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
    for (const [sessionId, { keptUntil }] of this.#sessions) {
      if (keptUntil > now) break;
      this.#sessions.delete(sessionId);
    }
  }
}
