/** The operations a back end calls with its key, in the form of Face API v1.2. */
import type { ServiceContext } from '../context.js';
import { createSessionRequests } from '../schemas/create-session.js';
import * as models from '../schemas/v1-2-models.js';
import { deleteSession, findSession } from '../session/sessions.js';
import { createFromRequest } from './create-session.js';
import { idIn, type Operation } from './operations.js';
import { sessionImageOperation } from './session-image.js';
import { sessionDocument } from './v1-2-documents.js';

export function stableOperations(context: ServiceContext): Operation[] {
  return [
    ...sessionOperations(context, false),
    ...sessionOperations(context, true),
    sessionImageOperation(context, 'v1.2', '/sessionImages'),
  ];
}

function sessionOperations(context: ServiceContext, withVerify: boolean): Operation[] {
  const path = `/${withVerify ? 'detectLivenessWithVerify' : 'detectLiveness'}-sessions`;
  const name = withVerify ? 'LivenessWithVerifySession' : 'LivenessSession';
  const words = withVerify ? 'liveness session with verify' : 'liveness session';
  const model = withVerify ? models.livenessWithVerifySession : models.livenessSession;
  const common = { caller: 'key', versions: ['v1.2'] } as const;
  return [
    {
      ...common,
      id: `create${name}`,
      summary: `Create a ${words}`,
      method: 'post',
      path,
      request: (version) => createSessionRequests(version, withVerify, context.limits),
      responses: { 200: model },
      async handle(request, version) {
        const { session } = await createFromRequest(context, request, { version, withVerify });
        return request.json(await sessionDocument(context, session));
      },
    },
    {
      ...common,
      id: `get${name}Result`,
      summary: `Get a ${words} and its attempts, newest first`,
      method: 'get',
      path: `${path}/{sessionId}`,
      responses: { 200: model },
      async handle(request) {
        const session = await findSession(context, idIn(request, 'sessionId'), withVerify);
        return request.json(await sessionDocument(context, session));
      },
    },
    {
      ...common,
      id: `delete${name}`,
      summary: `Delete a ${words} and everything about it`,
      method: 'delete',
      path: `${path}/{sessionId}`,
      responses: { 204: null },
      async handle(request) {
        await deleteSession(context, idIn(request, 'sessionId'), withVerify);
        return new Response(null, { status: 204 });
      },
    },
  ];
}
