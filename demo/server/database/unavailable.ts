/** The database did not answer: it cannot be reached, the connection broke, or it took too long. */
export class DatabaseUnavailable extends Error {}

/**
 * Error codes. SQLite: a busy file, a full or a failing disk. PostgreSQL: the classes 08 (connection), 28
 * (authorisation), 53 (resources) and 57 (operator intervention), 25P03 (idle in a transaction), 25006 (read-only),
 * 55P03 (lock not available), 3D000 (no such database) and 42P01 (no such table: the database was emptied).
 */
const CODES = /^(SQLITE_(BUSY|FULL|IOERR).*|(08|28|53|57)\w{3}|25P03|25006|55P03|3D000|42P01)$/;

export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || CODES.test(codeOf(error));
}

/** PostgreSQL canceled the statement because it took longer than allowed. */
export function isCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** PostgreSQL is read-only: it is a standby, and may have been the primary when the connection was made. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
