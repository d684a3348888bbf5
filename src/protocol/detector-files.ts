/**
 * The files the detector is made of, in the one version that fits this element. They are known by their hash: what is
 * fetched, cached or served under these names and is not this is refused. `scripts/assets.ts` writes them and holds
 * them against this table.
 */
export interface DetectorFile {
  name: string;
  /** As they are, not as they travel. */
  bytes: number;
  /** 64 lower-case hex digits. */
  sha256: string;
}

/** Name under which they are kept in Cache Storage. */
export const ASSET_CACHE = 'face-liveness-assets';

export const DETECTOR_FILES = {
  model: {
    name: 'face_landmarker.task',
    bytes: 1_500_744,
    sha256: '7f0dfb851a386e63b43aee35489d13e73ccbcfc858d79bd7e4d8a1c6aabf43c9',
  },
  wasm: {
    name: 'vision_wasm_module_internal.wasm',
    bytes: 11_153_641,
    sha256: '617b8e0248dbd27e9d7ece4218004eae4cefb499196d1bb4fa0e3fef21708756',
  },
} as const satisfies Record<string, DetectorFile>;
