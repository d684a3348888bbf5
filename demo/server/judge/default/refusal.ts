/** Why a picture sent by a client is refused. */
export const IMAGE_REFUSALS = {
  ImageNotDecodable: 'Its header cannot be read.',
  ImageFormatUnsupported: 'It is not a picture, or its format or coding is not accepted.',
  ImageDamaged: 'It ends too early or is damaged.',
  ImageTooLarge: 'It has more pixels than are accepted.',
  ImageTooSmall: 'It has fewer pixels than are needed.',
  ImageTooNarrow: 'Its long side is more than four times as long as its short one.',
  ImageAnimated: 'It contains more than one picture.',
  ImageTooManyScans: 'It consists of more scans than are accepted.',
  ImageDepthUnsupported: 'It has more than eight bits for each colour.',
  ImageColoursUnsupported: 'Its colours are neither RGB nor grey.',
  ImageRotated: 'Its metadata says that it has to be rotated or mirrored for display.',
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
