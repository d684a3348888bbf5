export interface DetectorFile {
  name: string;
  /** Size uncompressed, not as transferred. */
  bytes: number;
  /** 64 lower-case hex digits. */
  sha256: string;
}

/** Name of the cache in Cache Storage. */
export const ASSET_CACHE = 'face-liveness-assets';

/**
 * The files of the detector, in the one version that fits this element. They are identified by their hash: anything
 * else that is fetched, cached or served under these names is rejected. `scripts/assets.ts` writes the files and checks
 * them against this table.
 */
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
