/** The operations of the operator page that the public API does not have. */
import { z } from 'zod';
import type { ServiceContext } from '../context.js';
import { faceRectangle } from '../../judge/fields.js';
import { shortText } from '../schemas/fields.js';
import { parse } from '../schemas/parse.js';
import { livenessSessionItem } from '../schemas/preview-models.js';
import { listSessionImages } from '../session/images.js';
import { findSession, searchSessions } from '../session/sessions.js';
import { idIn, type Operation } from './operations.js';
import { readTop, topQuery } from './paging.js';
import { sessionItem } from './preview-documents.js';

const operatorSession = livenessSessionItem
  .extend({ withVerify: z.boolean(), apiVersion: z.string(), attemptsStarted: z.int() })
  .meta({ id: 'OperatorSession' });

const operatorImage = z
  .object({
    sessionImageId: z.uuid(),
    attemptId: z.int(),
    fileName: z.string(),
    step: z.string(),
    timeOffsetInMs: z.int(),
    faceRectangle,
  })
  .meta({ id: 'OperatorImage' });

const searchText = shortText
  .optional()
  .meta({ description: 'The start of a session id, or a complete deviceCorrelationId.' });

export function operatorOperations(context: ServiceContext): Operation[] {
  const common = { caller: 'key', method: 'get', versions: 'none' } as const;
  return [
    {
      ...common,
      id: 'searchSessions',
      summary: 'List sessions of both kinds, newest first',
      path: '/operator/api/sessions',
      query: { search: searchText, top: topQuery },
      responses: { 200: z.array(operatorSession) },
      async handle(request) {
        const search = parse(searchText, request.req.query('search'), 'search') ?? '';
        const sessions = await searchSessions(context, { search, top: readTop(request) });
        request.get('request').sessions = sessions.length;
        return request.json(
          sessions.map((session) => ({
            ...sessionItem(session, context.now()),
            withVerify: session.with_verify === 1,
            apiVersion: session.api_version,
            attemptsStarted: session.attempts_started,
          })),
        );
      },
    },
    {
      ...common,
      id: 'listSessionImages',
      summary: 'List the frames kept for a session (sessionImages returns their bytes)',
      path: '/operator/api/sessions/{sessionId}/images',
      responses: { 200: z.array(operatorImage) },
      async handle(request) {
        const session = await findSession(context, idIn(request, 'sessionId'));
        return request.json(await listSessionImages(context, session.id));
      },
    },
  ];
}
