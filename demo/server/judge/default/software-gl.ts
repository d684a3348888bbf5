/**
 * The part of WebGL 2 that MediaPipe calls when it infers on the CPU: it puts a picture into a texture and reads it
 * back unchanged. Drawing, shaders and everything else are absent, so that a call to them fails loudly.
 */

/** Pixels as MediaPipe takes them from a page: RGBA, row by row. */
export interface PixelImage {
  width: number;
  height: number;
  data: Uint8Array;
}

interface Texture {
  image: PixelImage | null;
}

/** The values from the WebGL specification that are needed. */
const GL = {
  TEXTURE_2D: 0x0de1,
  RGBA: 0x1908,
  UNSIGNED_BYTE: 0x1401,
  VERSION: 0x1f02,
  FRAMEBUFFER_COMPLETE: 0x8cd5,
  ALREADY_SIGNALED: 0x911a,
  SIGNALED: 0x9119,
};

class SoftwareContext {
  readonly TEXTURE_2D = GL.TEXTURE_2D;
  readonly RGBA = GL.RGBA;
  readonly UNSIGNED_BYTE = GL.UNSIGNED_BYTE;
  readonly canvas: SoftwareCanvas;
  #bound: Texture | null = null;
  #attached: Texture | null = null;

  constructor(canvas: SoftwareCanvas) {
    this.canvas = canvas;
  }

  createTexture(): Texture {
    return { image: null };
  }

  bindTexture(_target: number, texture: Texture | null): void {
    this.#bound = texture;
  }

  /** Only the overload that takes a picture. */
  texImage2D(_target: number, _level: number, _internal: number, _format: number, _type: number, image: PixelImage) {
    if (this.#bound) this.#bound.image = image;
  }

  framebufferTexture2D(_target: number, _attachment: number, _kind: number, texture: Texture | null): void {
    this.#attached = texture;
  }

  /** @param to the module's memory, and the offset at which to write the pixels */
  readPixels(_x: number, _y: number, width: number, height: number, _format: number, _type: number, ...to: unknown[]) {
    const [heap, offset = 0] = to as [Uint8Array, number?];
    const image = this.#attached?.image;
    if (!image || image.width !== width || image.height !== height) throw new Error('No such picture in the texture');
    heap.set(image.data, offset);
  }

  deleteTexture(texture: Texture | null): void {
    if (texture) texture.image = null;
  }

  getParameter(name: number): string | number {
    return name === GL.VERSION ? 'WebGL 2.0 (software)' : name < 0x2000 ? 'software' : 0;
  }

  getSupportedExtensions(): string[] {
    // MediaPipe treats an empty list as an error.
    return ['EXT_color_buffer_float'];
  }

  getExtension = (): null => null;
  getContextAttributes = (): object => ({});
  getError = (): number => 0;
  isContextLost = (): boolean => false;
  activeTexture = (): void => undefined;
  texParameteri = (): void => undefined;
  pixelStorei = (): void => undefined;
  createFramebuffer = (): object => ({});
  bindFramebuffer = (): void => undefined;
  deleteFramebuffer = (): void => undefined;
  checkFramebufferStatus = (): number => GL.FRAMEBUFFER_COMPLETE;
  fenceSync = (): object => ({});
  clientWaitSync = (): number => GL.ALREADY_SIGNALED;
  getSyncParameter = (): number => GL.SIGNALED;
  deleteSync = (): void => undefined;
  flush = (): void => undefined;
  finish = (): void => undefined;
}

/** Stands in for WebGL 1, which is not available. */
export class OldContext {
  readonly version = 1;
}

/** Takes the place of an OffscreenCanvas. */
export class SoftwareCanvas {
  width = 1;
  height = 1;
  readonly #context = new SoftwareContext(this);

  getContext(type: string): SoftwareContext | null {
    return type === 'webgl2' ? this.#context : null;
  }

  addEventListener(): void {}
  removeEventListener(): void {}
}
