/** Every threshold of the default judge. `docs/decisions.md` has the measurements on both sides of each. */
export const THRESHOLDS = {
  turn: {
    /** Degrees from the person's own frontal pose at which a head counts as turned; the element asks for eight. */
    yaw: 7,
    pitch: 7,
    /** Degrees within which a head counts as frontal. */
    frontal: 6,
    /** A mouth smiles if it is this share wider than at rest; the element asks for 0.15. */
    smile: 0.12,
    /**
     * Milliseconds from the last frontal frame to the first turned one; `quickestMs` also applies from the previous
     * turn.
     */
    quickestMs: 100,
    slowestMs: 15_000,
  },
  /**
   * Width over height of a turned face, divided by that of the frontal face: a flat picture narrows as it turns. Only
   * frames turned by at most `furthest` degrees count: no flat picture looked turned by more than 15. Outside of `min`
   * and `max` it is doubtful; beyond `flatBelow` and `flatAbove` no real head was ever measured.
   */
  proportions: { min: 0.9, max: 1.18, flatBelow: 0.87, flatAbove: 1.25, furthest: 20 },
  /** A face must change this many times as much as its background when the head turns. */
  faceOverBackground: 1.5,
  /**
   * Share of edge pixels on the weakest of four sides, as the median over the frames: for any edges, and for edges of a
   * single border.
   */
  enclosure: { edges: 0.6, border: 0.75 },
  /** Least number of bits by which the two most different pictures of the upright, frontal face must differ. */
  naturalMotionBits: 24,
  /** A face narrower than this share of the largest is in the background, and is not a second person. */
  bystander: 0.3,
  /** Euclidean distance above which two faces belong to different people. */
  anotherPerson: 0.6,
  repeated: {
    /** Milliseconds between two frames that show the same picture, from which it counts as repeated. */
    ms: 1_000,
    /** The same for two frames that are the same file. */
    sameFileMs: 100,
    pairs: 2,
  },
  seenBefore: {
    /** Number of head-turn frames that also occur in one other attempt. */
    doubt: 2,
    attack: 3,
  },
  manifest: {
    /** Least intersection over union of the face rectangle in the manifest and the one found. */
    overlap: 0.4,
    /** Degrees by which yaw or pitch may differ. */
    pose: 12,
    /** Number of frames that may differ: the element finds a fast-moving face slightly late. */
    frames: 1,
  },
  /** Milliseconds by which the frames may span more than the time since the attempt began, because clocks differ. */
  clockMs: 1_000,
} as const;
