/** `start` and `top` of the lists, as in the public API documentation and its error table. */
import { z } from 'zod';
import type { ServiceRequest } from '../context.js';
import { errors } from '../errors.js';

const MAX_START_LENGTH = 64;
const MAX_TOP = 1000;

export const topQuery = z
  .int()
  .min(1)
  .max(MAX_TOP)
  .optional()
  .meta({ default: MAX_TOP, description: 'Number of items to list.' });
const start = z.string().max(MAX_START_LENGTH).optional();

export const listQuery = {
  start: start.meta({ description: 'List sessions with an id greater than this.' }),
  top: topQuery,
};
export const auditQuery = {
  start: start.meta({ description: 'List entries with an id greater than this.' }),
  top: topQuery,
};

/** @returns 1000 if `top` is absent @throws 400 unless `top` is a whole number from 1 to 1000 */
export function readTop({ req }: ServiceRequest): number {
  const text = req.query('top');
  if (text === undefined) return MAX_TOP;
  const top = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (top < 1 || top > MAX_TOP) throw errors.topInvalid();
  return top;
}

/** The session id after which the list starts; empty: at the first session. */
export function readListStart({ req }: ServiceRequest): string {
  const start = req.query('start') ?? '';
  if (start.length > MAX_START_LENGTH) throw errors.startTooLong();
  // Ids contain no other characters, so any other `start` cannot be the id of an entry.
  if (!/^[0-9a-z-]*$/i.test(start)) throw errors.startInvalid();
  return start.toLowerCase();
}

/** The audit entry id after which the list starts; 0: at the first entry. */
export function readAuditStart({ req }: ServiceRequest): number {
  const start = req.query('start') ?? '';
  if (start.length > MAX_START_LENGTH) throw errors.startTooLong();
  if (start === '') return 0;
  const id = /^\d+$/.test(start) ? Number(start) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw errors.startInvalid();
  return Math.min(id, 2 ** 31 - 1);
}
