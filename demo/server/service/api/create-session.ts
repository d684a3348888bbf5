/** Session creation for all API versions: reads the request into one form, whether it is JSON or multipart. */
import { PARTS } from '../../../../src/protocol/wire.js';
import type { ServiceContext, ServiceRequest } from '../context.js';
import { parseMultipart, type Part } from '../body/multipart.js';
import { parseJson, readBody } from '../body/read.js';
import { errors } from '../errors.js';
import type { Limits } from '../limits.js';
import { CREATE_CONTENT } from '../schemas/create-session.js';
import { parse } from '../schemas/parse.js';
import { examineVerifyImage, type NewVerifyImage } from '../session/verify-image.js';
import { createSession, type Session } from '../session/sessions.js';
import type { ApiVersion } from './operations.js';

/** Most parts of a form: more than there are known fields, because unknown ones are ignored. */
const MAX_PARTS = 20;

interface SessionKind {
  version: ApiVersion;
  withVerify: boolean;
}

export interface CreatedSession {
  session: Session;
  /** Null for a session without verify, and for one whose image the client is to send. */
  verifyImage: NewVerifyImage | null;
}

/** @throws 400 if the version's documentation does not allow the content, 413 if the body exceeds the limits */
export async function createFromRequest(
  context: ServiceContext,
  request: ServiceRequest,
  kind: SessionKind,
): Promise<CreatedSession> {
  const wanted = await readWanted(context, request, kind);
  const { version, withVerify } = kind;
  const content = parse(CREATE_CONTENT[version][withVerify ? 'withVerify' : 'plain'], wanted.content);
  const { requestId } = request.get('request');
  const verifyImage = wanted.verifyImage ? await examineVerifyImage(context, requestId, wanted.verifyImage) : null;
  const session = await createSession(context, kind, content, verifyImage);
  request.get('request').sessionId = session.id;
  return { session, verifyImage };
}

interface Wanted {
  content: unknown;
  verifyImage: Uint8Array<ArrayBuffer> | null;
}

async function readWanted(
  { limits }: ServiceContext,
  { req }: ServiceRequest,
  { version, withVerify }: SessionKind,
): Promise<Wanted> {
  const contentType = req.header('content-type') ?? '';
  if (withVerify && /^\s*multipart\//i.test(contentType)) {
    const bytes = await readBody(req.raw, limits.verifyImageBytes.max + limits.jsonBytes);
    const parts = parseMultipart(bytes, contentType, MAX_PARTS);
    return wantedOfForm(parts, version === 'v1.2' ? 'verifyImage' : PARTS.verifyImage, limits);
  }
  // Since v1.2 the client cannot send the verify image, so the create request has to contain it.
  if (withVerify && version === 'v1.2') throw errors.invalidRequestBody('content-type');
  return { content: parseJson(await readBody(req.raw, limits.jsonBytes)), verifyImage: null };
}

/**
 * Preview versions put the fields into one part `Parameters` as JSON, v1.2 gives each a part of its own.
 *
 * @param imageName as the version's documentation writes it
 */
function wantedOfForm(parts: Part[], imageName: string, { jsonBytes }: Limits): Wanted {
  const names = parts.map(({ name }) => name.toLowerCase());
  const image = parts[names.indexOf(imageName.toLowerCase())];
  if (!image) throw errors.invalidRequestBody(imageName);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again !== -1) throw errors.invalidRequestBody(`parts[${again}]`);
  const fields = parts.filter((part) => part !== image);
  if (fields.some(({ body }) => body.length > jsonBytes)) throw errors.bodyTooLarge();
  const parameters = parts[names.indexOf('parameters')];
  const content = parameters
    ? parseJson(parameters.body)
    : Object.fromEntries(fields.map(({ name, body }) => [name, text(body)]));
  return { content, verifyImage: image.body };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
