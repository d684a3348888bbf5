/** How pictures are taken from a video that shows Chromium's fake camera. */
import { afterEach, beforeEach, it, vi } from 'vitest';
import { runFrameLoop } from '../../src/frame-loop.js';
import type { Picture } from '../../src/protocol/worker-api.js';
import { until } from './harness.js';

let video: HTMLVideoElement;
let stream: MediaStream;
let done: AbortController;

beforeEach(async () => {
  done = new AbortController();
  stream = await navigator.mediaDevices.getUserMedia({ video: true });
  video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  await video.play();
});

afterEach(() => {
  done.abort();
  for (const track of stream.getTracks()) track.stop();
  video.remove();
  vi.unstubAllGlobals();
});

it('drops a picture that VideoFrame cannot take, and goes on with the next', async () => {
  let asked = 0;
  const Real = VideoFrame;
  class Refusing extends Real {
    constructor(source: HTMLVideoElement) {
      if (++asked <= 2) throw new DOMException('No picture', 'InvalidStateError');
      super(source);
    }
  }
  vi.stubGlobal('VideoFrame', Refusing);
  const seen: number[] = [];
  const look = async (picture: Picture, time: number) => {
    seen.push(time);
    if (!(picture instanceof ImageData)) picture.close();
  };
  runFrameLoop(video, () => true, look, done.signal);
  await until(() => seen.length >= 3, 'three pictures');
});
