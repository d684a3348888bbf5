/** Analyses one picture: decodes it, finds its faces, and measures the largest. */
import { createHash } from 'node:crypto';
import type { FaceRectangle, NamedPoints, Point } from '../../../../src/protocol/geometry.js';
import { meanBrightness, sharpness } from '../../../../worker/measure/light.js';
import { faceChip } from './align.js';
import type { AttackModel } from './attack-model/attack-model.js';
import type { FaceFacts, FrameFacts } from './analysis.js';
import { decode, type DecodedImage, type DecodingRules } from './decode.js';
import { CHIP_SIZE, type Embedder } from './embedder.js';
import { enclosure } from './enclosure.js';
import { THRESHOLDS } from './evidence/thresholds.js';
import { perceptualHash, REDUCED_SIDE } from './fingerprint.js';
import type { FoundFace, Landmarker } from './landmarker.js';
import { reduce } from './reduce.js';
import { REDUCED_WIDTH, type Reduced } from './same-picture.js';

export interface Models {
  landmarker: Landmarker;
  embedder: Embedder;
  attackModel: AttackModel | null;
}

export interface SeenFrame {
  facts: Omit<FrameFacts, 'fileName' | 'change'>;
  reduced: Reduced;
  /** Rectangle of the largest face, in pixels of `reduced`. */
  reducedFace: FaceRectangle | null;
}

/** Side in pixels of the cropped face on which sharpness is measured, as in the element. */
const CUT = 112;

/** @throws ImageRefusal */
export async function seeFrame(bytes: Uint8Array, rules: DecodingRules, models: Models): Promise<SeenFrame> {
  const image = await decode(bytes, rules);
  const faces = models.landmarker.find(image);
  const [face] = faces;
  const upright = { left: 0, top: 0, width: image.width, height: image.height };
  const reduced = reduce(image, upright, REDUCED_WIDTH, Math.round((REDUCED_WIDTH * image.height) / image.width));
  const reducedFace = face ? scaleRectangle(face.rectangle, REDUCED_WIDTH / image.width) : null;
  return {
    facts: {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...image.encoded,
      faceCount: faces.filter(({ rectangle }) => face && isPerson(rectangle, face.rectangle)).length,
      face: face ? measureFace(image, face, models.embedder) : null,
      fingerprint: face
        ? {
            whole: perceptualHash(reduce(image, upright, REDUCED_SIDE, REDUCED_SIDE).values),
            face: perceptualHash(lumaOfChip(faceChip(image, face.mesh, REDUCED_SIDE))),
          }
        : null,
      attackScore: face && models.attackModel ? await models.attackModel.score(image, face.rectangle) : null,
      enclosure: reducedFace && enclosure(reduced, reducedFace),
    },
    reduced,
    reducedFace,
  };
}

/** False for somebody who passes by far behind the largest face. */
function isPerson(face: FaceRectangle, largest: FaceRectangle): boolean {
  return face.width >= THRESHOLDS.bystander * largest.width;
}

function measureFace(image: DecodedImage, face: FoundFace, embedder: Embedder): FaceFacts {
  const cut = reduce(image, face.rectangle, CUT, CUT);
  const identity = [...embedder.embed(faceChip(image, face.mesh, CHIP_SIZE))];
  // A single NaN would make all faces count as the same person: `distancesFromMiddle` would find no middle face and
  // return 0 for each.
  if (!identity.every(Number.isFinite)) throw new Error('The face network gave numbers that are not finite');
  return {
    rectangle: scaleRectangle(face.rectangle, image.scale),
    points: scalePoints(face.points, image.scale),
    pose: face.pose,
    mouthWidth: face.mouthWidth,
    sharpness: sharpness(cut),
    brightness: meanBrightness(cut),
    identity,
  };
}

function scaleRectangle({ top, left, width, height }: FaceRectangle, scale: number): FaceRectangle {
  const [x, y] = [Math.floor(left * scale), Math.floor(top * scale)];
  return { top: y, left: x, width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

function scalePoints(points: NamedPoints, scale: number): NamedPoints {
  const scaled = ({ x, y }: Point): Point => ({ x: x * scale, y: y * scale });
  return {
    leftEye: scaled(points.leftEye),
    rightEye: scaled(points.rightEye),
    noseTip: scaled(points.noseTip),
    mouthCentre: scaled(points.mouthCentre),
    chin: scaled(points.chin),
  };
}

function lumaOfChip(chip: Float32Array): Float32Array {
  return Float32Array.from({ length: chip.length / 3 }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = chip.subarray(3 * pixel, 3 * pixel + 3);
    return (red * 77 + green * 150 + blue * 29) / 256;
  });
}
