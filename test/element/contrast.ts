/** The contrast ratio of WCAG 2.2, between CSS colours of any syntax that the browser knows. */

/** @returns 1…21 */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) throw new Error('No 2D context');
  context.fillStyle = 'white';
  context.fillStyle = colour;
  const overWhite = context.fillStyle;
  context.fillStyle = 'black';
  context.fillStyle = colour;
  // An invalid colour leaves `fillStyle` as it was.
  if (context.fillStyle !== overWhite) throw new Error(`No colour: ${colour}`);
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
