/** Every threshold of the default judge. `docs/decisions.md` says what was measured on each side of them. */
export const THRESHOLDS = {
  turn: {
    /** Degrees from the own frontal pose at which a head counts as turned; the element asks for eight. */
    yaw: 7,
    pitch: 7,
    /** And within which it counts as frontal. */
    frontal: 6,
    /** Share by which a mouth is wider than at rest at which it smiles; the element asks for 0.15. */
    smile: 0.12,
    /** Milliseconds from the last frontal frame to the first turned one; and the least from the turn before it. */
    quickestMs: 100,
    slowestMs: 15_000,
  },
  /**
   * Width of a turned face over its height, over that of the frontal one: a flat picture narrows as it turns. Of frames
   * that are turned by that many degrees at most: no flat picture looked turned by more than 15. Beyond the first bounds
   * it is doubtful, beyond the others no head was.
   */
  proportions: { min: 0.9, max: 1.18, flatBelow: 0.87, flatAbove: 1.25, furthest: 20 },
  /** How much more the face changes than what is behind it when the head turns. */
  faceOverBackground: 1.5,
  /** Share of an edge on the weakest of four sides, in half of the frames: of any edges, and of one border's. */
  enclosure: { edges: 0.6, border: 0.75 },
  /** Bits in which two pictures of the upright, frontal face differ, at most, over the attempt. */
  naturalMotionBits: 24,
  /** A face in the background that is smaller than this share of the largest is no second person. */
  bystander: 0.3,
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
    doubt: 2,
    attack: 3,
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
