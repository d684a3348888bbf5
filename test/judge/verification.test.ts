/** Face verification: all pairs of the photographs available here, and comparisons in whole sessions. */
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../demo/server/judge/default/evidence/evidence.js';
import { identityDistance, MATCH_DISTANCE, matchConfidence } from '../../demo/server/judge/default/match.js';
import type { LivenessResponseBody } from '../../src/protocol/wire.js';
import { facesOf, type Face } from '../eval/decisions/verification/faces.js';
import { allPairs, falseMatches, falseNonMatches, type Pair } from '../eval/decisions/verification/pairs.js';
import { photographs } from '../eval/decisions/verification/portraits.js';
import { sha256Hex } from '../sha256-hex.js';
import { loadModels, openCourt, truthfulSubmission, type Court } from './court.js';
import { portrait, portraitAs } from './pictures.js';

describe('matching every pair of photographs', () => {
  let pairs: Pair[];
  beforeAll(async () => {
    const models = await loadModels();
    const faces: Face[] = [];
    for (const photograph of photographs()) {
      const found = await facesOf(photograph, models);
      expect(found.length, photograph.name).toBeGreaterThanOrEqual(1);
      faces.push(...found);
    }
    pairs = allPairs(faces);
    for (const { a, b, distance, isSamePerson, isMatch } of pairs) {
      const who = isSamePerson ? 'one person ' : 'two people ';
      const mark = isMatch === isSamePerson ? ' ' : '!';
      const confidence = matchConfidence(distance).toFixed(4);
      process.stdout.write(`${mark} ${who} ${distance.toFixed(3)} ${confidence}  ${a.name} – ${b.name}\n`);
    }
  });

  it('finds no match between two people', () => {
    const { count, of } = falseMatches(pairs);
    expect(of).toBeGreaterThan(400);
    expect(count).toBe(0);
  });

  it('finds a match in at least 95 % of the pairs of one person', () => {
    const { count, of } = falseNonMatches(pairs);
    expect(of).toBeGreaterThanOrEqual(50);
    expect(1 - count / of).toBeGreaterThanOrEqual(0.95);
  });
});

describe('the match confidence', () => {
  it('is 0.5 at the threshold, falls with the distance, and stays between 0 and 1', () => {
    expect(matchConfidence(0.52)).toBe(0.5);
    const values = Array.from({ length: 200 }, (_, index) => matchConfidence(index / 100));
    expect(values.every((value, index) => index === 0 || value < (values[index - 1] ?? 0))).toBe(true);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(identityDistance([0, 0], [3, 4])).toBe(5);
  });
});

const GROUP_PHOTOGRAPH = fileURLToPath(
  new URL('../../node_modules/@vladmandic/face-api/demo/sample3.jpg', import.meta.url),
);
const SECOND_FACE = { left: 420, top: 180, width: 570, height: 630 };

describe('a session with verify', () => {
  let court: Court;
  const same = portrait('franck_04117.jpg');
  const another = portrait('obama4_crop.jpg');
  beforeAll(async () => {
    court = await openCourt();
  });
  afterAll(() => court.close());

  const frames = ['01829', '02159', '03909', '04000', '04035'].map((number) => portrait(`franck_${number}.jpg`));
  const submission = truthfulSubmission(frames);

  async function compare(image: Uint8Array<ArrayBuffer>, content: Record<string, unknown> = {}, sent = submission) {
    const created = await court.client.createWithVerify(image, content);
    const session = (await created.json()) as { sessionId: string; authToken: string; verifyImage: unknown };
    await court.client.start(session.authToken);
    await court.client.submit(session.authToken, await sent, {}, 'detectLivenessWithVerify');
    const [entry] = await court.client.audit(session.sessionId, '', 'detectLivenessWithVerify');
    const result = (entry?.response.body as LivenessResponseBody | undefined)?.verifyResult;
    if (!entry || !result) throw new Error('Nothing was compared');
    return { session, entry, result };
  }

  it('identifies the same person, with confidence, face rectangle, quality and image hash', async () => {
    const { result, session, entry } = await compare(same, { returnVerifyImageHash: true });
    expect(result.isIdentical).toBe(true);
    expect(result.matchConfidence).toBeGreaterThan(0.9);
    const { faceRectangle, qualityForRecognition } = result.verifyImage;
    // The picture is 720 by 576, with the face in its middle third.
    expect(faceRectangle.left + faceRectangle.width / 2).toBeGreaterThan(240);
    expect(faceRectangle.left + faceRectangle.width / 2).toBeLessThan(480);
    expect(faceRectangle.width).toBeGreaterThan(150);
    expect(qualityForRecognition).toMatch(/^(medium|high)$/);
    expect(session.verifyImage).toEqual(result.verifyImage);
    expect(entry.verifyImageHash).toBe(sha256Hex(same));
  });

  it('does not identify another person', async () => {
    const { result } = await compare(another);
    expect(result.isIdentical).toBe(false);
    expect(result.matchConfidence).toBeLessThan(0.1);
  });

  /** Two people who look alike, 0.55 apart; one is sheared, the other mirrored, so that they face the same way. */
  const lookalike = (blur: number) =>
    portraitAs((picture) => picture.affine([1, 0, -0.2, 1]).blur(blur).jpeg(), 'kim1_crop.jpg');
  const victim = (quality: number) =>
    sharp(GROUP_PHOTOGRAPH).extract(SECOND_FACE).resize({ height: 480 }).flop().jpeg({ quality }).toBuffer();

  it.each([
    ['one picture', 1, 3],
    ['most pictures', 3, 1],
  ])('does not identify another person who sends %s of the victim as well', async (_, ofVictim, ofAnother) => {
    const pictures = [
      ...(await Promise.all(Array.from({ length: ofAnother }, (_, index) => lookalike(1 + index / 4)))),
      ...(await Promise.all(Array.from({ length: ofVictim }, (_, index) => victim(95 - index)))),
    ].map((picture) => new Uint8Array(picture));
    const { result, entry } = await compare(new Uint8Array(await victim(98)), {}, truthfulSubmission(pictures));
    const evidence = entry.response.body['evidence'] as { findings: Evidence[]; verify: { distance: number } };
    const { findings, verify } = evidence;
    expect(findings).toContainEqual(expect.objectContaining({ name: 'samePerson', finding: 'supports' }));
    expect(verify.distance > MATCH_DISTANCE).toBe(ofAnother > ofVictim);
    expect(result.isIdentical).toBe(false);
  });

  it('compares the confidence with the session’s verifyConfidenceThreshold', async () => {
    const { matchConfidence: sure } = (await compare(same)).result;
    const strict = await compare(same, { verifyConfidenceThreshold: Math.min(1, sure + 0.001) });
    expect(strict.result).toMatchObject({ matchConfidence: sure, isIdentical: false });
    const exact = await compare(same, { verifyConfidenceThreshold: sure });
    expect(exact.result.isIdentical).toBe(true);
    const lenient = await compare(another, { verifyConfidenceThreshold: 0 });
    expect(lenient.result.isIdentical).toBe(true);
  });

  it('rates a verify image’s qualityForRecognition by its size, sharpness and brightness', async () => {
    const quality = async (image: Uint8Array<ArrayBuffer>) => {
      const created = await court.client.createWithVerify(image);
      const { verifyImage } = (await created.json()) as { verifyImage: { qualityForRecognition: string } };
      return verifyImage.qualityForRecognition;
    };
    const changed = (change: (picture: Sharp) => Sharp) => portraitAs((p) => change(p).jpeg());
    expect(await quality(portrait())).toBe('high');
    expect(await quality(await changed((p) => p.resize({ width: 320 })))).toBe('medium');
    expect(await quality(await changed((p) => p.resize({ width: 160 })))).toBe('low');
    expect(await quality(await changed((p) => p.blur(3)))).toBe('medium');
    expect(await quality(await changed((p) => p.blur(9)))).toBe('low');
    expect(await quality(await changed((p) => p.linear(0.12, 0)))).toBe('low');
  });
});
