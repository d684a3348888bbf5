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
/** Ids of sessions contain no other characters. */
const LIST_START = /^[0-9A-Za-z-]*$/;
/** Few enough digits for JavaScript to read the number exactly. */
const AUDIT_START = /^\d{0,15}$/;

export const listQuery = {
  start: z
    .string()
    .max(MAX_START_LENGTH)
    .regex(LIST_START)
    .optional()
    .meta({ description: 'List sessions with an id greater than this.' }),
  top: topQuery,
};
export const auditQuery = {
  start: z.string().regex(AUDIT_START).optional().meta({ description: 'List entries with an id greater than this.' }),
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
  if (!LIST_START.test(start)) throw errors.startInvalid();
  return start.toLowerCase();
}

/** The audit entry id after which the list starts; 0: at the first entry. */
export function readAuditStart({ req }: ServiceRequest): number {
  const start = req.query('start') ?? '';
  if (start.length > MAX_START_LENGTH) throw errors.startTooLong();
  if (!AUDIT_START.test(start)) throw errors.startInvalid();
  return Math.min(Number(start), 2 ** 31 - 1);
}
