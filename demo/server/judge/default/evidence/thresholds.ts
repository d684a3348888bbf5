/** Every threshold of the default judge. `docs/decisions.md` says what was measured on each side of them. */
export const THRESHOLDS = {
  turn: {
    /** Degrees from the own frontal pose at which a head counts as turned; the element asks for eight. */
    yaw: 7,
    pitch: 7,
    /** And within which it counts as frontal. */
    frontal: 6,
    /** Milliseconds from the last frontal frame to the first turned one. */
    quickestMs: 100,
    slowestMs: 15_000,
  },
  depth: {
    /** What a plane does not explain of the change of shape, in interocular distances, for each degree turned. */
    residualPerDegree: 0.0025,
    /** Width of the face over its height, over that of the frontal face: a flat picture narrows as it turns. */
    proportions: { min: 0.92, max: 1.18 },
  },
  /** Bits in which two pictures of the upright, frontal face differ, at most, over the attempt. */
  naturalMotionBits: 18,
  /** Euclidean distance of two faces that are not one person's. */
  anotherPerson: 0.6,
  repeated: {
    /** Milliseconds between two frames that show one picture. */
    ms: 1_000,
    /** Between two frames that are one file. */
    sameFileMs: 100,
    pairs: 2,
  },
  seenBefore: {
    /** Frames of head turns that one other attempt has too. */
    turned: 2,
  },
  manifest: {
    /** Intersection over union of the face's rectangle as said and as found. */
    overlap: 0.4,
    /** Degrees. */
    pose: 12,
    /** Frames that may be off: a face that moves fast is found a little late. */
    frames: 1,
  },
  /** Milliseconds by which the frames may span more than the time since the attempt began: clocks differ. */
  clockMs: 1_000,
} as const;
