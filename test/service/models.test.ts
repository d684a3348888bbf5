/** The models have the documented names, fields and types, and the service's answers have no other fields. */
import { randomBytes } from 'node:crypto';
import type * as Stable from 'azure-face';
import type * as Preview from 'azure-face-preview';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { CREATE_CONTENT } from '../../demo/server/service/schemas/create-session.js';
import * as preview from '../../demo/server/service/schemas/preview-models.js';
import * as stable from '../../demo/server/service/schemas/v1-2-models.js';
import { createClient, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { jpegOf, submission } from './submission.js';

/** The sample response of "Face API v1.2-preview.1, Get Liveness Session Audit Entries". */
const SAMPLE_AUDIT_ENTRY = {
  id: 4,
  sessionId: 'b12e033e-bda7-4b83-a211-e721c661f30e',
  requestId: '4af681e9-0e25-43e9-9922-a7adebf13b2f',
  clientRequestId: '4af681e9-0e25-43e9-9922-a7adebf13b2f',
  receivedDateTime: '2024-03-05T11:07:29.698Z',
  request: {
    url: '/face/v1.2-preview.1/detectliveness/singlemodal',
    method: 'POST',
    contentLength: 18,
    contentType: 'multipart/form-data',
    userAgent: 'Mozilla/5.0 (Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Mobile Safari/537.36',
  },
  response: { body: {}, statusCode: 200, latencyInMilliseconds: 1200 },
  digest: '1CC98BA83EAF1D0FF7F566FAEFCCCC787819FFA01251E2D9299143F7AD6651DB',
};

interface Documented {
  schema: z.ZodType;
  /** By field: its type, followed by `?` if it is optional. */
  fields: Record<string, string>;
}

const FACE_RECTANGLE = 'top:integer left:integer width:integer height:integer';

/** From its "Definitions", "CreateLivenessSessionContent Class" and "LivenessSessionAuditEntry Class". */
const DOCUMENTED: Record<string, Documented> = {
  'CreateLivenessSessionContent, v1.1-preview.1': {
    schema: CREATE_CONTENT['v1.1-preview.1'].plain,
    fields: {
      livenessOperationMode: 'Passive|PassiveActive',
      sendResultsToClient: 'boolean?',
      deviceCorrelationIdSetInClient: 'boolean?',
      deviceCorrelationId: 'string?',
      authTokenTimeToLiveInSeconds: 'integer?',
    },
  },
  LivenessSessionAuditEntry: {
    schema: preview.livenessSessionAuditEntry,
    fields: {
      id: 'integer',
      sessionId: 'string',
      requestId: 'string',
      clientRequestId: 'string',
      receivedDateTime: 'string',
      request: 'AuditRequestInfo',
      response: 'AuditLivenessResponseInfo',
      digest: 'string',
      sessionImageId: 'string?',
      verifyImageHash: 'string?',
    },
  },
  AuditRequestInfo: {
    schema: preview.auditRequestInfo,
    fields: { url: 'string', method: 'string', contentLength: 'integer?', contentType: 'string', userAgent: 'string?' },
  },
  AuditLivenessResponseInfo: {
    schema: preview.auditLivenessResponseInfo,
    fields: { body: 'LivenessResponseBody', statusCode: 'integer', latencyInMilliseconds: 'integer' },
  },
  LivenessResponseBody: {
    schema: preview.livenessResponseBody,
    fields: {
      livenessDecision: 'uncertain|realface|spoofface?',
      target: 'LivenessOutputsTarget?',
      modelVersionUsed: 'string?',
      verifyResult: 'LivenessWithVerifyOutputs?',
      // The rest are additions of this service.
      reason: 'string?',
      evidence: 'object?',
      error: 'code:string message:string target:string?',
    },
  },
  LivenessOutputsTarget: {
    schema: preview.livenessOutputsTarget,
    fields: {
      faceRectangle: FACE_RECTANGLE,
      fileName: 'string',
      timeOffsetWithinFile: 'integer',
      imageType: 'Color|Infrared|Depth',
    },
  },
  LivenessWithVerifyOutputs: {
    schema: preview.livenessWithVerifyOutputs,
    fields: { verifyImage: 'LivenessWithVerifyImage', matchConfidence: 'number', isIdentical: 'boolean' },
  },
  LivenessWithVerifyImage: {
    schema: preview.livenessWithVerifyImage,
    fields: { faceRectangle: FACE_RECTANGLE, qualityForRecognition: 'low|medium|high' },
  },
  FaceErrorResponse: {
    schema: preview.faceErrorResponse,
    // `target` is an addition of this service.
    fields: { error: 'code:string message:string target:string' },
  },
  LivenessSessionItem: {
    schema: preview.livenessSessionItem,
    fields: {
      id: 'string',
      createdDateTime: 'string',
      sessionStartDateTime: 'string?',
      sessionExpired: 'boolean',
      deviceCorrelationId: 'string?',
      authTokenTimeToLiveInSeconds: 'integer?',
    },
  },
  CreateLivenessSessionResult: {
    schema: preview.createLivenessSessionResult,
    fields: { sessionId: 'string', authToken: 'string' },
  },
};

type Json = { type?: string; enum?: string[]; $ref?: string; anyOf?: Json[]; properties?: Record<string, Json> };

function typeOf(field: Json): string {
  if (field.$ref) return field.$ref.replace('#/$defs/', '');
  if (field.enum) return field.enum.join('|');
  if (field.anyOf) return typeOf(field.anyOf.find(({ type }) => type !== 'null') ?? {});
  if (Array.isArray(field.type)) return String(field.type.find((type) => type !== 'null'));
  if (field.type !== 'object') return field.type ?? 'any';
  const fields = Object.entries(field.properties ?? {}).map(([name, inner]) => `${name}:${typeOf(inner)}`);
  return fields.join(' ') || 'object';
}

describe('the documented models', () => {
  it.each(Object.entries(DOCUMENTED))(
    '%s has the documented fields, of the documented types',
    (_, { schema, fields }) => {
      // The JSON schema of a named model is a reference to its own definition.
      const { $defs = {}, ...root } = z.toJSONSchema(schema);
      const json = ($defs[root.$ref?.replace('#/$defs/', '') ?? ''] ?? root) as Json & { required?: string[] };
      const found = Object.entries(json.properties ?? {}).map(([name, field]) => [
        name,
        typeOf(field) + (json.required?.includes(name) ? '' : '?'),
      ]);
      expect(Object.fromEntries(found)).toEqual(fields);
    },
  );

  it('parse the documented sample response without a change', () => {
    const entry: unknown = JSON.parse(JSON.stringify(SAMPLE_AUDIT_ENTRY));
    expect(preview.livenessSessionAuditEntry.parse(entry)).toEqual(SAMPLE_AUDIT_ENTRY);
  });

  it('are assignable to the types of the official clients', () => {
    expectTypeOf<preview.LivenessSessionAuditEntry>().toExtend<Preview.LivenessSessionAuditEntryOutput>();
    expectTypeOf<preview.LivenessSessionItem>().toExtend<Preview.LivenessSessionItemOutput>();
    expectTypeOf<preview.LivenessSession>().toExtend<Preview.LivenessSessionOutput>();
    expectTypeOf<preview.CreateLivenessSessionResult>().toExtend<Preview.CreateLivenessSessionResultOutput>();
    expectTypeOf<preview.CreateLivenessWithVerifySessionResult>().toExtend<Preview.CreateLivenessWithVerifySessionResultOutput>();
    expectTypeOf<stable.LivenessSession>().toExtend<Stable.LivenessSessionOutput>();
    expectTypeOf<stable.LivenessWithVerifySession>().toExtend<Stable.LivenessWithVerifySessionOutput>();
  });
});

describe('what the service answers', () => {
  let service: RunningService;
  let client: Client;
  beforeAll(async () => {
    service = await startService('SQLite', {
      judge: {
        judge: async ({ manifest }) => ({
          livenessDecision: 'realface',
          target: { fileName: 'frame-001.jpg', faceRectangle: manifest.frames[1]?.faceRectangle ?? never() },
          modelVersionUsed: 'test-1',
          verify: { matchConfidence: 0.9, verifyImage: { faceRectangle: RECTANGLE, qualityForRecognition: 'medium' } },
        }),
        examineVerifyImage: async () => ({ faceRectangle: RECTANGLE, qualityForRecognition: 'medium' }),
      },
    });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  /** Parsing strips unknown keys, so a document that stays the same had none. */
  function expectExactly<Output>(schema: z.ZodType<Output>, document: unknown): Output {
    const parsed = schema.parse(document);
    expect(parsed).toEqual(document);
    return parsed;
  }

  async function json(path: string): Promise<unknown> {
    const response = await fetch(`${service.url}/face/${path}`, { headers: client.withKey });
    expect(response.status).toBe(200);
    return response.json();
  }

  it('has no field beyond its model, for a session without verify', async () => {
    const created = await startedSession(client, { enableSessionImage: true });
    await client.submit(created.authToken, submission());
    for (const version of ['v1.1-preview.1', 'v1.2-preview.1']) {
      const path = `${version}/detectLiveness/singleModal/sessions`;
      const session = expectExactly(preview.livenessSession, await json(`${path}/${created.sessionId}`));
      expect(session.result !== undefined && 'sessionImageId' in session.result).toBe(version === 'v1.2-preview.1');
      expectExactly(z.array(preview.livenessSessionItem), await json(path));
      expectExactly(z.array(preview.livenessSessionAuditEntry), await json(`${path}/${created.sessionId}/audit`));
    }
    expectExactly(stable.livenessSession, await json(`v1.2/detectLiveness-sessions/${created.sessionId}`));
  });

  it('has no field beyond its model, for a session with verify', async () => {
    const image = jpegOf(randomBytes(2048));
    const path = 'v1.2-preview.1/detectLivenessWithVerify/singleModal/sessions';
    const answer = await client.createWithVerify(image, { returnVerifyImageHash: true });
    expect(answer.status).toBe(200);
    const created = expectExactly(preview.createLivenessWithVerifySessionResult, await answer.json());
    expect(created.verifyImage).toEqual({ faceRectangle: RECTANGLE, qualityForRecognition: 'medium' });
    await client.start(created.authToken);
    await client.submit(created.authToken, submission(), {}, 'detectLivenessWithVerify');

    const session = expectExactly(preview.livenessSession, await json(`${path}/${created.sessionId}`));
    expect(session.result?.verifyImageHash).toMatch(/^[0-9A-F]{64}$/);
    expect(session.result?.response.body.verifyResult).toMatchObject({ matchConfidence: 0.9, isIdentical: true });
    const newer = await json(`v1.2/detectLivenessWithVerify-sessions/${created.sessionId}`);
    expect(expectExactly(stable.livenessWithVerifySession, newer).modelVersion).toBe('test-1');
  });
});

const RECTANGLE = { top: 1, left: 2, width: 300, height: 400 };

function never(): never {
  throw new Error('unreachable');
}
