/** Why a picture sent by a client is refused. */
export const IMAGE_REFUSALS = {
  ImageNotDecodable: 'It is no picture, or its header cannot be read.',
  ImageFormatUnsupported: 'Its format or coding is not among those that are taken.',
  ImageDamaged: 'It ends too early or is damaged.',
  ImageTooLarge: 'It has more pixels than are taken.',
  ImageTooSmall: 'It has fewer pixels than are needed.',
  ImageTooNarrow: 'Its long side is more than four times as long as its short one.',
  ImageAnimated: 'It holds more than one picture.',
  ImageTooManyScans: 'It is built up in more scans than are taken.',
  ImageDepthUnsupported: 'It has more than eight bits for each colour.',
  ImageColoursUnsupported: 'Its colours are neither RGB nor grey.',
  ImageRotated: 'It says of itself that it lies on its side.',
} as const;

export type ImageRefusalCode = keyof typeof IMAGE_REFUSALS;

export class ImageRefusal extends Error {
  readonly code: ImageRefusalCode;

  constructor(code: ImageRefusalCode, options?: ErrorOptions) {
    super(IMAGE_REFUSALS[code], options);
    this.name = 'ImageRefusal';
    this.code = code;
  }
}
