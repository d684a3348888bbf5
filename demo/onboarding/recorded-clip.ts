/**
 * A recorded clip in the camera's place, as an integrator's own tests would have it: while it is inserted, this page's
 * `getUserMedia` answers with a canvas on which the clip is drawn. Only for demonstrations, and always labelled as such.
 */
const FRAME = { width: 640, height: 480 };
const FRAMES_PER_SECOND = 30;
/** Pixels of the clip: too little to hide that the clip was seen before. */
const SWAY = 0.25;
const LOAD_DEADLINE_IN_MILLISECONDS = 15_000;

export interface Clip {
  /** Address without its ending: there is a `.webm` and a `.mp4`. */
  name: string;
  /** Part of the clip's picture that is shown, in its own pixels; 4 to 3. */
  crop: { left: number; top: number; width: number; height: number };
}

/** From one second of the clip to another. */
export interface Segment {
  from: number;
  to: number;
  /** Stays at this second until another segment is asked for; without it the segment is played over and over. */
  hold?: number;
}

export class RecordedClip {
  readonly #video: HTMLVideoElement;
  readonly #canvas = Object.assign(document.createElement('canvas'), FRAME);
  readonly #crop: Clip['crop'];
  #segment: Segment;
  /** What comes when the present segment has come to its end. */
  #next: Segment;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(video: HTMLVideoElement, crop: Clip['crop'], segment: Segment) {
    this.#video = video;
    this.#crop = crop;
    this.#segment = this.#next = segment;
  }

  /**
   * @param segment what is played first
   * @throws Error if the clip cannot be loaded or played
   */
  static async load(clip: Clip, segment: Segment): Promise<RecordedClip> {
    const video = document.createElement('video');
    const ending = video.canPlayType('video/webm; codecs="vp8"') ? 'webm' : 'mp4';
    Object.assign(video, { src: `${clip.name}.${ending}`, muted: true, playsInline: true, preload: 'auto' });
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error('The recorded clip cannot be played in this browser.'));
      video.addEventListener('canplaythrough', () => resolve(), { once: true });
      video.addEventListener('error', fail, { once: true });
      setTimeout(fail, LOAD_DEADLINE_IN_MILLISECONDS);
    });
    return new RecordedClip(video, clip.crop, segment);
  }

  /** Puts the clip in the camera's place. @returns what takes it away again. @throws where it is not played, and is not there */
  async insert(): Promise<() => void> {
    const devices = navigator.mediaDevices;
    const remove = (): void => {
      // What was put over the method goes away, and the browser's own shows again.
      Reflect.deleteProperty(devices, 'getUserMedia');
      clearInterval(this.#timer);
      this.#video.pause();
      this.#video.removeAttribute('src');
      this.#video.load();
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

  /** A segment that repeats is left at once; one that is held is played to its end first. */
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
    // Rejected where the next segment comes before this one has begun, and nothing is lost by that.
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
    // As in a hand: what is played over and over would else be the same file twice, and found out as that.
    const angle = performance.now() / 370;
    const [x, y] = [left + SWAY * Math.sin(angle), top + SWAY * Math.cos(1.7 * angle)];
    context.drawImage(this.#video, x, y, width, height, 0, 0, FRAME.width, FRAME.height);
  }
}
