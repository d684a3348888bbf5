/** The OpenAPI 3.1 document, made from the operations and the same schemas that check their requests. */
import { z } from 'zod';
import { HEADERS } from '../../../../src/protocol/wire.js';
import { MOST_OF_CLIENT_ID } from '../http.js';
import { faceErrorResponse } from '../schemas/preview-models.js';
import { routesOf, type ApiVersion, type Operation } from './operations.js';

export interface OpenApiOperation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, never[]>[];
  parameters: Record<string, unknown>[];
  requestBody?: { required: true; content: Record<string, { schema: unknown }> };
  responses: Record<string, OpenApiResponse>;
}

export interface OpenApiResponse {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, { schema: unknown }>;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

const SECURITY = {
  key: { type: 'apiKey', in: 'header', name: 'Ocp-Apim-Subscription-Key' },
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
} as const;

const ANSWERED = {
  [HEADERS.requestId]: {
    description:
      'The id of this request. For a submission, it is also the id of the result, and the audit entry contains it.',
    schema: { type: 'string', format: 'uuid' },
  },
};

const REFUSAL: OpenApiResponse = {
  description:
    'A refusal. If the code is `InvalidRequestBody`, `error` also has a `target`, which names the part of the request at fault.',
  headers: {
    ...ANSWERED,
    [HEADERS.errorCode]: { description: 'The same code as in the body.', schema: { type: 'string' } },
    'retry-after': { description: 'With 429 and 503: how many seconds to wait.', schema: { type: 'integer' } },
    'www-authenticate': {
      description: 'With 401: the authentication that the operation requires.',
      schema: { type: 'string' },
    },
  },
};

export function openApiDocument(operations: readonly Operation[], url: string): OpenApiDocument {
  const schemas = new SchemaCollection();
  const refusal = { ...REFUSAL, content: { 'application/json': { schema: schemas.add(faceErrorResponse) } } };
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) {
    for (const { path, version } of routesOf(operation)) {
      const described = describe(operation, version, schemas, refusal);
      paths[path] = { ...paths[path], [operation.method]: described };
    }
  }
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: {
      title: 'Liveness session service',
      version: '1.0.0',
      description: 'Sessions for <face-liveness>. Paths, enum values and booleans are not case-sensitive.',
    },
    servers: [{ url }],
    paths,
    components: { schemas: schemas.models, securitySchemes: SECURITY },
  };
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/')) as OpenApiDocument;
}

function describe(
  operation: Operation,
  version: ApiVersion,
  schemas: SchemaCollection,
  refusal: OpenApiResponse,
): OpenApiOperation {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemas.add(schema),
  }));
  const bodies = Object.entries(operation.request?.(version) ?? {});
  const answers = Object.entries(operation.responses).map(([status, schema]) => [status, answer(schema, schemas)]);
  return {
    operationId: operation.versions === 'none' ? operation.id : `${operation.id}_${version}`,
    summary: operation.summary,
    tags: [operation.versions === 'none' ? 'Operator' : operation.caller === 'token' ? 'Client device' : version],
    security: [{ [operation.caller]: [] }],
    parameters: [...inPath, ...inQuery, ...headersOf(operation, bodies)],
    ...(bodies.length === 0
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(bodies.map(([type, schema]) => [type, { schema: schemas.add(schema) }])),
          },
        }),
    responses: { ...Object.fromEntries(answers), default: refusal },
  };
}

/** The headers of a client except its token and content type, which OpenAPI describes elsewhere. */
function headersOf({ caller }: Operation, bodies: [type: string, z.ZodType][]): Record<string, unknown>[] {
  if (caller !== 'token') return [];
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  const id = header(
    HEADERS.clientRequestId,
    `A UUID. Send the same one if you repeat the request. Of a longer text, only the first ${MOST_OF_CLIENT_ID} characters count.`,
  );
  const isForm = bodies.some(([type]) => type === 'multipart/form-data');
  return isForm ? [id, header(HEADERS.contentDigest, 'RFC 9530: sha-256 over the bytes of the body.')] : [id];
}

function answer(schema: z.ZodType | string | null, schemas: SchemaCollection): OpenApiResponse {
  const headers = ANSWERED;
  if (schema === null) return { description: 'Success, without a body', headers };
  if (typeof schema === 'string') return { description: 'Bytes', headers, content: { [schema]: { schema: {} } } };
  return { description: 'Success', headers, content: { 'application/json': { schema: schemas.add(schema) } } };
}

/** Converts schemas to JSON Schema, and collects the models to which they refer. */
class SchemaCollection {
  readonly models: Record<string, unknown> = {};

  add(schema: z.ZodType): unknown {
    const { $defs, $schema: _, ...json } = z.toJSONSchema(schema, { override: openObjects });
    Object.assign(this.models, $defs);
    return json;
  }
}

/** Unknown fields are ignored, not refused, so the document must not forbid them. */
function openObjects({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}
