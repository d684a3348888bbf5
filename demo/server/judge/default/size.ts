/** Which sizes of a picture are looked at, as its header says them. */
import { ImageRefusal } from './refusal.js';

export interface SizeRules {
  /** Of the encoded picture. */
  maxPixels: number;
  minSide: number;
}

/** Long side over the short one. What is looked at has a fixed width, so that a narrow picture would be one of any height. */
const MOST_ELONGATED = 4;

/** @throws ImageRefusal */
export function checkSize(width: number, height: number, { maxPixels, minSide }: SizeRules): void {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (width * height > maxPixels) throw new ImageRefusal('ImageTooLarge');
  if (short < minSide) throw new ImageRefusal('ImageTooSmall');
  if (long > MOST_ELONGATED * short) throw new ImageRefusal('ImageTooNarrow');
}
