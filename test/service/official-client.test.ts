/** The official JavaScript client, unchanged: 1.0.0-beta.1 speaks v1.1-preview.1, 1.0.0-beta.3 speaks v1.2. */
import { randomBytes, randomUUID } from 'node:crypto';
import createFaceClient, { isUnexpected } from 'azure-face';
import createPreviewClient, { isUnexpected as isUnexpectedPreview } from 'azure-face-preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Judge } from '../../demo/server/judge/judge.js';
import { noJudge } from '../../demo/server/judge/none.js';
import { BACKENDS } from './backends.js';
import { API_KEY, createClient, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { jpegOf, submission } from './submission.js';

const verifyFace = {
  faceRectangle: { top: 316, left: 131, width: 498, height: 677 },
  qualityForRecognition: 'high',
} as const;
/** Does not decide on liveness, but answers on the verify image as a judge would. */
const judge: Judge = {
  async judge(submitted, signal) {
    const judgement = await noJudge.judge(submitted, signal);
    return submitted.verifyImage
      ? { ...judgement, verify: { matchConfidence: 0.75, verifyImage: verifyFace } }
      : judgement;
  },
  examineVerifyImage: async () => verifyFace,
};
const verifyImage = jpegOf(randomBytes(2048));

describe.each(BACKENDS)('the official client on %s', (backend) => {
  let service: RunningService;
  let device: Client;
  beforeAll(async () => {
    service = await startService(backend, { judge });
    device = createClient(service.url);
  });
  afterAll(() => service.close());

  /** Starts an attempt and submits to it, as a person's device does. */
  async function submitAs(token: string, kind: string): Promise<void> {
    expect((await device.start(token)).status).toBe(200);
    const answer = await device.submit(token, submission(), {}, kind);
    expect(answer.status).toBe(204);
  }

  describe.each(['detectLiveness', 'detectLivenessWithVerify'] as const)('v1.1-preview.1, %s', (kind) => {
    const sessions = `/${kind}/singleModal/sessions` as '/detectLiveness/singleModal/sessions';
    const client = () =>
      createPreviewClient(
        service.url,
        { key: API_KEY },
        { apiVersion: 'v1.1-preview.1', allowInsecureConnection: true },
      );
    const content = () => ({ livenessOperationMode: 'Passive', deviceCorrelationId: randomUUID() });

    async function create(): Promise<{ sessionId: string; authToken: string; verifyImage?: unknown }> {
      const created =
        kind === 'detectLiveness'
          ? await client().path('/detectLiveness/singleModal/sessions').post({ body: content() })
          : await client()
              .path('/detectLivenessWithVerify/singleModal/sessions')
              .post({
                contentType: 'multipart/form-data',
                body: [
                  { name: 'Parameters', body: content() },
                  { name: 'VerifyImage', body: verifyImage },
                ],
              });
      if (isUnexpectedPreview(created)) throw new Error(created.body.error.message);
      return created.body;
    }

    it('creates, reads, lists, audits and deletes sessions', async () => {
      const created = await create();
      if (kind === 'detectLivenessWithVerify') expect(created.verifyImage).toEqual(verifyFace);
      await submitAs(created.authToken, kind);

      const session = client().path(`${sessions}/{sessionId}`, created.sessionId);
      const read = await session.get();
      if (isUnexpectedPreview(read)) throw new Error(read.body.error.message);
      expect(read.body).toMatchObject({ id: created.sessionId, status: 'ResultAvailable' });
      expect(read.body.result?.response.body.livenessDecision).toBe('uncertain');
      if (kind === 'detectLivenessWithVerify') {
        expect(read.body.result?.response.body.verifyResult).toEqual({
          verifyImage: verifyFace,
          matchConfidence: 0.75,
          isIdentical: true,
        });
      }

      const audit = await client().path(`${sessions}/{sessionId}/audit`, created.sessionId).get();
      if (isUnexpectedPreview(audit)) throw new Error(audit.body.error.message);
      expect(audit.body).toEqual([read.body.result]);

      const second = await create();
      const list = await client().path(sessions).get();
      if (isUnexpectedPreview(list)) throw new Error(list.body.error.message);
      expect(list.body.map(({ id }) => id)).toEqual([created.sessionId, second.sessionId].sort());
      const rest = await client()
        .path(sessions)
        .get({ queryParameters: { start: list.body[0]?.id ?? '', top: 1 } });
      expect(rest.body).toEqual([list.body[1]]);

      for (const { id } of list.body)
        expect((await client().path(`${sessions}/{sessionId}`, id).delete()).status).toBe('200');
      const gone = await session.get();
      expect(isUnexpectedPreview(gone) && gone.body.error.code).toBe('SessionNotFound');
      expect(gone.headers).toHaveProperty('x-ms-error-code', 'SessionNotFound');
    });

    it('gets 401 with another key', async () => {
      const stranger = createPreviewClient(
        service.url,
        { key: 'another-key-altogether' },
        { allowInsecureConnection: true },
      );
      expect((await stranger.path(sessions).get()).status).toBe('401');
    });
  });

  describe('v1.2', () => {
    const client = () => createFaceClient(service.url, { key: API_KEY }, { allowInsecureConnection: true });

    it('creates, reads and deletes a session', async () => {
      const created = await client()
        .path('/detectLiveness-sessions')
        .post({ body: { livenessOperationMode: 'PassiveActive', deviceCorrelationId: randomUUID() } });
      if (isUnexpected(created)) throw new Error(created.body.error.message);
      expect(created.body).toMatchObject({ status: 'NotStarted', results: { attempts: [] } });
      await submitAs(created.body.authToken, 'detectLiveness');

      const session = client().path('/detectLiveness-sessions/{sessionId}', created.body.sessionId);
      const read = await session.get();
      if (isUnexpected(read)) throw new Error(read.body.error.message);
      expect(read.body).toEqual({
        sessionId: created.body.sessionId,
        authToken: created.body.authToken,
        status: 'Succeeded',
        results: {
          attempts: [
            {
              attemptId: 1,
              attemptStatus: 'Succeeded',
              result: {
                livenessDecision: 'uncertain',
                targets: { color: { faceRectangle: { top: 59, left: 121, width: 409, height: 395 } } },
                digest: expect.stringMatching(/^[0-9A-F]{64}$/) as string,
              },
            },
          ],
        },
      });
      expect((await session.delete()).status).toBe('204');
      expect((await session.get()).status).toBe('404');
    });

    it('creates, reads and deletes a session with verify', async () => {
      const created = await client()
        .path('/detectLivenessWithVerify-sessions')
        .post({
          contentType: 'multipart/form-data',
          body: [
            { name: 'livenessOperationMode', body: 'Passive' },
            { name: 'deviceCorrelationId', body: randomUUID() },
            { name: 'verifyConfidenceThreshold', body: 0.8 },
            { name: 'returnVerifyImageHash', body: true },
            { name: 'enableSessionImage', body: true },
            { name: 'verifyImage', body: verifyImage, filename: 'face.jpg' },
          ],
        });
      if (isUnexpected(created)) throw new Error(created.body.error.message);
      const verifyReferences = [{ referenceType: 'Color', ...verifyFace }];
      expect(created.body.results).toEqual({ verifyReferences, attempts: [] });
      await submitAs(created.body.authToken, 'detectLivenessWithVerify');

      const session = client().path('/detectLivenessWithVerify-sessions/{sessionId}', created.body.sessionId);
      const read = await session.get();
      if (isUnexpected(read)) throw new Error(read.body.error.message);
      expect(read.body.results.attempts[0]?.result).toMatchObject({
        verifyResult: { matchConfidence: 0.75, isIdentical: false },
        verifyImageHash: expect.stringMatching(/^[0-9A-F]{64}$/) as string,
      });
      const imageId = read.body.results.attempts[0]?.result?.sessionImageId ?? '';
      const image = await client().path('/sessionImages/{sessionImageId}', imageId).get().asNodeStream();
      expect(image.status).toBe('200');
      expect((await session.delete()).status).toBe('204');
      expect((await client().path('/sessionImages/{sessionImageId}', imageId).get()).status).toBe('404');
    });
  });
});
