/**
 * The operations the element calls with the session token: start an attempt, submit it, or end it without a submission.
 */
import { z } from 'zod';
import { CLIENT_PATHS, type SessionStartResponse } from '../../../../src/protocol/wire.js';
import { relaxed } from '../../database/relaxed.js';
import { endAttempt, startAttempt } from '../session/attempts.js';
import { parseJson, readBody } from '../body/read.js';
import type { ServiceContext, ServiceRequest } from '../context.js';
import { errors } from '../errors.js';
import { countAgainst, type Limits } from '../limits.js';
import { handleLivenessCall } from '../session/liveness-call.js';
import { API_VERSIONS, type Operation } from './operations.js';
import { attemptEndRequest, captureManifest, sessionStartRequest, sessionStartResponse } from '../schemas/client.js';
import { parse } from '../schemas/parse.js';
import { livenessResponseBody } from '../schemas/preview-models.js';
import { findSession, type Session } from '../session/sessions.js';

const picture = z.string().meta({ format: 'binary' });
/** The form as the OpenAPI document describes it; `parseSubmission` checks the limits of a real submission itself. */
function livenessForm({ frames, frameBytes, submissionBytes, verifyImageBytes: { min, max } }: Limits) {
  return z
    .object({
      manifest: captureManifest.extend({ frames: captureManifest.shape.frames.meta({ maxItems: frames }) }),
      frame: z
        .array(picture)
        .min(1)
        .max(frames)
        .meta({
          description: `JPEGs of ${frameBytes} bytes at most. Each is a part of its own, in the order of the manifest.`,
        }),
      VerifyImage: picture.optional().meta({
        description: `Required if the session compares faces and has no image yet, refused otherwise. ${min} to ${max} bytes.`,
      }),
    })
    .meta({ description: `${submissionBytes} bytes at most.` });
}

export function clientOperations(context: ServiceContext): Operation[] {
  return [
    {
      id: 'startSession',
      summary: 'Start an attempt',
      caller: 'token',
      method: 'post',
      path: CLIENT_PATHS.sessionStart,
      versions: API_VERSIONS,
      request: () => ({ 'application/json': sessionStartRequest }),
      responses: { 200: sessionStartResponse },
      async handle(request) {
        const session = await authorize(context, request);
        const body = parse(sessionStartRequest, parseJson(await readBody(request.req.raw, context.limits.jsonBytes)));
        const device = deviceOf(session, body.deviceCorrelationId ?? null);
        const { clientRequestId } = request.get('request');
        const started = await startAttempt(context, session.id, device, clientRequestId);
        const answer: SessionStartResponse = {
          sessionId: session.id,
          attemptId: started.attemptId,
          attemptsRemaining: started.remaining,
          livenessOperationMode: session.operation_mode,
          activeMotion: {
            // Whether head turns are needed in any light; otherwise, only if the light is unsuitable.
            required: session.operation_mode === 'PassiveActive' && (context.judge.requires?.activeMotion ?? false),
            directions: started.directions,
          },
          limits: {
            maxFrames: context.limits.frames,
            maxBytes: context.limits.submissionBytes,
            seconds: started.seconds,
          },
        };
        return request.json(answer);
      },
    },
    {
      id: 'endAttempt',
      summary: 'End an attempt that is not submitted',
      caller: 'token',
      method: 'post',
      path: CLIENT_PATHS.attemptEnd,
      versions: API_VERSIONS,
      request: () => ({ 'application/json': attemptEndRequest }),
      responses: { 204: null },
      async handle(request) {
        const session = await authorize(context, request);
        const body = parse(attemptEndRequest, parseJson(await readBody(request.req.raw, context.limits.jsonBytes)));
        await endAttempt(context, session.id, body);
        return new Response(null, { status: 204 });
      },
    },
    ...([false, true] as const).map((withVerify): Operation => ({
      id: withVerify ? 'detectLivenessWithVerify' : 'detectLiveness',
      summary: withVerify ? 'Submit an attempt of a session with verify' : 'Submit an attempt',
      caller: 'token',
      method: 'post',
      path: withVerify ? CLIENT_PATHS.detectLivenessWithVerify : CLIENT_PATHS.detectLiveness,
      versions: API_VERSIONS,
      request: () => ({ 'multipart/form-data': livenessForm(context.limits) }),
      responses: { 200: livenessResponseBody, 204: null },
      async handle(request) {
        const session = await authorize(context, request);
        if (Boolean(session.with_verify) !== withVerify) throw errors.wrongSessionType();
        return handleLivenessCall(context, request, session);
      },
    })),
  ];
}

/** @throws 401 without a valid token, 404 if its session is gone, 429 if the session makes too many requests */
async function authorize(context: ServiceContext, request: ServiceRequest): Promise<Session> {
  const token = /^Bearer +(\S+) *$/i.exec(request.req.header('authorization') ?? '')?.[1];
  if (token === undefined) throw errors.missingToken();
  const claims = await context.tokens.verify(token);
  request.get('request').sessionId = claims.sub;
  const session = await findSession(context, claims.sub);
  await relaxed(context.database, (counts) =>
    countAgainst(counts, `session:${session.id}`, context.limits.sessionRequests, context.now()),
  );
  return session;
}

/** @throws 400 unless exactly one of the page and the back end has named the device */
function deviceOf(session: Session, fromClient: string | null): string {
  const setInClient = session.device_correlation_id_set_in_client === 1;
  const device = setInClient ? fromClient : fromClient === null ? session.device_correlation_id : null;
  if (device === null) throw errors.invalidDeviceCorrelationId();
  return device;
}
