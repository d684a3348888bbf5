/**
 * Which visitor asked for which session, and what was reported about it. In memory: a demo may forget this at a
 * restart, a bank may not.
 */
import type { ResultReport, StoredReport } from '../../common/contract.js';

const MOST_SESSIONS = 1000;
/** Key of reports whose result id is not in the audit. */
const NOT_AUDITED = '';
/**
 * Milliseconds: as long as the service keeps a session and its audit, which the operator page shows beside the reports.
 */
const KEPT_MS = 48 * 3_600_000;
/** The longest time a session may be in progress. */
export const TOKEN_SECONDS = 600;
const TOKEN_MS = TOKEN_SECONDS * 1000;

interface Visit {
  visitor: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /**
   * Oldest first. Reports about audited submissions are keyed by result id, so the audit bounds their number; all other
   * reports share one key.
   */
  reports: Map<string, StoredReport>;
}

export class Visitors {
  /** In order of creation, so that the first is the oldest. */
  readonly #sessions = new Map<string, Visit>();

  /** Places taken for sessions that are being created. */
  #taken = 0;

  /**
   * Remembers the session that `create` makes for the visitor. Its place is taken before anything is awaited: otherwise
   * each of several concurrent requests would find the same place free.
   *
   * @returns the session, or the seconds to wait for a place: a flood of requests must not push out visitors whose
   * session is in progress
   */
  async enter<Created extends { sessionId: string }>(
    visitor: string,
    create: () => Promise<Created>,
  ): Promise<Created | number> {
    const seconds = this.#makeRoom(Date.now());
    if (seconds > 0) return seconds;
    this.#taken++;
    try {
      const created = await create();
      this.#sessions.set(created.sessionId, { visitor, createdAt: Date.now(), reports: new Map() });
      return created;
    } finally {
      this.#taken--;
    }
  }

  /** Forgets finished sessions until there is room. @returns 0, or the seconds until the oldest session is over */
  #makeRoom(now: number): number {
    this.#forget(now);
    for (const [sessionId, { createdAt }] of this.#sessions) {
      if (this.#isFree() || createdAt + TOKEN_MS > now) break;
      this.#sessions.delete(sessionId);
    }
    if (this.#isFree()) return 0;
    const [oldest] = this.#sessions.values();
    const left = oldest ? oldest.createdAt + TOKEN_MS - now : 0;
    return Math.max(1, Math.ceil(left / 1000));
  }

  #isFree(): boolean {
    return this.#sessions.size + this.#taken < MOST_SESSIONS;
  }

  owns(visitor: string | undefined, sessionId: string): boolean {
    return visitor !== undefined && this.#sessions.get(sessionId)?.visitor === visitor;
  }

  /**
   * @returns the first report about this submission: the response to it told the page the right digest, so later
   * reports do not count
   */
  firstReport(report: ResultReport): ResultReport {
    return this.#sessions.get(report.sessionId)?.reports.get(report.resultId) ?? report;
  }

  report(report: StoredReport, isAudited: boolean): void {
    const reports = this.#sessions.get(report.sessionId)?.reports;
    const place = isAudited ? report.resultId : NOT_AUDITED;
    reports?.delete(place);
    reports?.set(place, report);
  }

  /** Newest session first, and for each session its newest report first. */
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
