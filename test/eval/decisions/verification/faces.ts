/** Computes the identities of faces as the judge does. */
import { faceChip } from '../../../../demo/server/judge/default/align.js';
import { decode, VERIFY_IMAGE_RULES } from '../../../../demo/server/judge/default/decode.js';
import { CHIP_SIZE, type Embedder } from '../../../../demo/server/judge/default/embedder.js';
import type { Landmarker } from '../../../../demo/server/judge/default/landmarker.js';
import type { Portrait } from './portraits.js';

export interface Face {
  name: string;
  person: string;
  sitting: string;
  /** True for a face in a group photograph: the same person may also be in another one. */
  inGroup: boolean;
  /** The 128 numbers that `embedder.ts` returns. */
  identity: number[];
}

export interface FaceModels {
  landmarker: Landmarker;
  embedder: Embedder;
}

/** @returns one face, or all faces in a group photograph, each as a different person; empty if none was found */
export async function facesOf(portrait: Portrait, { landmarker, embedder }: FaceModels): Promise<Face[]> {
  const image = await decode(portrait.bytes, VERIFY_IMAGE_RULES);
  const { name, person, sitting } = portrait;
  const found = landmarker.find(image).map(({ mesh }, index) => ({
    name: person === null ? `${name} face ${index + 1}` : name,
    person: person ?? `${name} face ${index + 1}`,
    sitting,
    inGroup: person === null,
    identity: [...embedder.embed(faceChip(image, mesh, CHIP_SIZE))],
  }));
  return person === null ? found : found.slice(0, 1);
}
