/** Which sizes of a picture are accepted, according to its header. */
import { ImageRefusal } from './refusal.js';

export interface SizeRules {
  /** Largest number of pixels of the encoded picture. */
  maxPixels: number;
  minSide: number;
}

/**
 * Largest ratio of the long side to the short one. Pictures are reduced to a fixed width, so a narrow one could get any
 * height.
 */
const MOST_ELONGATED = 4;

/** @throws ImageRefusal */
export function checkSize(width: number, height: number, { maxPixels, minSide }: SizeRules): void {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (width * height > maxPixels) throw new ImageRefusal('ImageTooLarge');
  if (short < minSide) throw new ImageRefusal('ImageTooSmall');
  if (long > MOST_ELONGATED * short) throw new ImageRefusal('ImageTooNarrow');
}
