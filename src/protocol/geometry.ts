/** Shapes in image pixels: origin at the top left of the unmirrored picture, x to the right, y down. */

export interface Point {
  x: number;
  y: number;
}

/** Whole pixels, as the service's documents write it. */
export interface FaceRectangle {
  top: number;
  left: number;
  width: number;
  height: number;
}

/** A few points of the face; left and right are the person's own. */
export interface NamedPoints {
  /** Between the corners of the eye, whether it is open or shut. */
  leftEye: Point;
  /** The same. */
  rightEye: Point;
  noseTip: Point;
  /** Between the lips. */
  mouthCentre: Point;
  /** Its lowest point. */
  chin: Point;
}
