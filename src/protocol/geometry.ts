/** Shapes in image pixels: origin at the top left of the unmirrored picture, x to the right, y down. */

export interface Point {
  x: number;
  y: number;
}

/** In whole pixels, as in the API of the service. */
export interface FaceRectangle {
  top: number;
  left: number;
  width: number;
  height: number;
}

/** A few points of the face; left and right are the person's own. */
export interface NamedPoints {
  /** Midpoint between the corners of the eye, open or shut. */
  leftEye: Point;
  /** Like `leftEye`. */
  rightEye: Point;
  noseTip: Point;
  /** Midpoint between the lips. */
  mouthCentre: Point;
  /** Lowest point of the chin. */
  chin: Point;
}
