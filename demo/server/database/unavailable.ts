/** The database did not answer: it cannot be reached, the connection broke, or it took too long. */
export class DatabaseUnavailable extends Error {}

/**
 * Of SQLite a busy file, a full disk and one that fails; of PostgreSQL the classes 08 (connection), 28 (authorisation), 53
 * (resources) and 57 (operator), 25P03 (idle), 25006 (only reads), 55P03 (held by others), 3D000 (no such database) and
 * 42P01 (no such table: it was emptied).
 */
const CODES = /^(SQLITE_(BUSY|FULL|IOERR).*|(08|28|53|57)\w{3}|25P03|25006|55P03|3D000|42P01)$/;

export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || CODES.test(codeOf(error));
}

/** PostgreSQL ended the statement: it took longer than one may. */
export function isCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** PostgreSQL takes no writes: it is a standby, perhaps one that was the primary when the connection was made. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
