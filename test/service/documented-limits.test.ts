/** The OpenAPI document states what this service accepts: the configured limits, and the values of its parameters. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, createdSession, SESSIONS } from './client.js';
import { startService, type RunningService } from './harness.js';

interface Schema {
  description?: string;
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
  properties: Record<string, Schema>;
}

interface Documented {
  paths: Record<string, Record<'get' | 'post', Operation>>;
}
interface Operation {
  summary: string;
  parameters: { name: string; schema: Schema }[];
  requestBody: { content: Form };
}
type Form = { 'multipart/form-data': { schema: Schema } };

const limits = { frames: 7, frameBytes: 70_001, submissionBytes: 700_001, verifyImageBytes: { min: 701, max: 7_001 } };
let service: RunningService;
let paths: Documented['paths'];
beforeAll(async () => {
  service = await startService('SQLite', { limits });
  ({ paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as Documented);
});
afterAll(() => service.close());

function formOf(path: string): Schema {
  const schema = paths[path]?.post.requestBody.content['multipart/form-data'].schema;
  if (!schema) throw new Error(`${path} takes no form`);
  return schema;
}

it.each(['v1.1-preview.1', 'v1.2-preview.1', 'v1.2'])(
  'the OpenAPI document states the configured limits of a submission to %s',
  (version) => {
    const form = formOf(`/face/${version}/detectLivenessWithVerify/singleModal`);
    const { manifest, frame, VerifyImage } = form.properties;
    expect(manifest?.properties['frames']?.maxItems).toBe(7);
    expect(frame?.maxItems).toBe(7);
    expect(frame?.description).toContain('70001 bytes at most');
    expect(form.description).toContain('700001 bytes at most');
    expect(VerifyImage?.description).toContain('701 to 7001 bytes');
  },
);

it.each([
  ['v1.2-preview.1/detectLivenessWithVerify/singleModal/sessions', 'VerifyImage'],
  ['v1.2/detectLivenessWithVerify-sessions', 'verifyImage'],
])('the OpenAPI document states the configured sizes of the verify image that %s takes', (path, name) => {
  expect(formOf(`/face/${path}`).properties[name]?.description).toContain('701 to 7001 bytes');
});

it('the OpenAPI document says that sessions with verify are listed in ascending order of id', () => {
  const { summary = '' } = paths['/face/v1.2-preview.1/detectLivenessWithVerify/singleModal/sessions']?.get ?? {};
  expect(summary).toBe('List liveness sessions with verify, in ascending order of id');
});

it('the OpenAPI document allows null in a JSON body, and not in the fields of a form, which are text', () => {
  const isNullable = ({ properties }: Schema) => JSON.stringify(properties).includes('"null"');
  const { Parameters } = formOf('/face/v1.2-preview.1/detectLivenessWithVerify/singleModal/sessions').properties;
  expect(Parameters && isNullable(Parameters)).toBe(true);
  const form = formOf('/face/v1.2/detectLivenessWithVerify-sessions');
  expect(isNullable(form)).toBe(false);
  expect(Object.keys(form.properties)).toHaveLength(9);
  expect(form.properties['enableSessionImage']).toMatchObject({ type: 'boolean', default: false });
});

it.each([
  ['the list of sessions', () => ''],
  ['the audit', (id: string) => `/${id}/audit`],
])('%s takes as start exactly what the OpenAPI document allows', async (_, below) => {
  const client = createClient(service.url);
  const { sessionId } = await createdSession(client);
  const { parameters = [] } = paths[`/face/v1.2-preview.1${SESSIONS}${below('{sessionId}')}`]?.get ?? {};
  const { pattern = '', maxLength = Infinity } = parameters.find(({ name }) => name === 'start')?.schema ?? {};
  const isAllowed = (start: string) => start.length <= maxLength && new RegExp(pattern, 'u').test(start);
  const starts = ['', '0', '12', sessionId, 'A', 'z', '-', 'a b', 'ä', '1.5', '1\n'];
  const long = [15, 16, 64, 65].map((length) => '9'.repeat(length));
  const found = [];
  for (const start of [...starts, ...long]) {
    const { status } = await client.manage(`${SESSIONS}${below(sessionId)}?start=${encodeURIComponent(start)}`);
    found.push([start, status === 200]);
  }
  expect(found).toEqual([...starts, ...long].map((start) => [start, isAllowed(start)]));
});
