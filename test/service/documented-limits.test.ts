/** The OpenAPI document states the limits that this service is configured with. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type RunningService } from './harness.js';

interface Schema {
  description?: string;
  maxItems?: number;
  properties: Record<string, Schema>;
}

interface Documented {
  paths: Record<string, Record<'get' | 'post', { summary: string; requestBody: { content: Form } }>>;
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
