/** The frames that were kept of a session, each with the face rectangle that came with it. */
import { create } from '../shared/dom.js';
import type { Service, SessionImage } from './service.js';

const RECTANGLE_COLOUR = '#37e0bd';

/** Loaded only when asked for: these are pictures of a person. */
export function sessionImages(service: Service, images: SessionImage[]): HTMLElement {
  if (images.length === 0) return create('p', { class: 'fine' }, 'None was kept: the session did not ask for it.');
  const show = create('button', { type: 'button', class: 'small', click: () => void load() }, `Show ${images.length}`);
  const gallery = create('div', { class: 'gallery' }, show);
  const several = new Set(images.map(({ attemptId }) => attemptId)).size > 1;
  async function load(): Promise<void> {
    show.disabled = true;
    try {
      gallery.replaceChildren(...(await Promise.all(images.map((image) => figure(service, image, several)))));
    } catch (error) {
      gallery.replaceChildren(create('p', { class: 'error', role: 'alert' }, (error as Error).message));
    }
  }
  return gallery;
}

async function figure(service: Service, image: SessionImage, nameAttempt: boolean): Promise<HTMLElement> {
  const { attemptId, fileName, step, timeOffsetInMs } = image;
  const caption = `${nameAttempt ? `Attempt ${attemptId} · ` : ''}${step} · ${(timeOffsetInMs / 1000).toFixed(1)} s`;
  const picture = await createImageBitmap(await service.getImage(image.sessionImageId));
  return create(
    'figure',
    {},
    drawn(picture, image, `${fileName}, ${step}, with its face rectangle`),
    create('figcaption', { class: 'fine' }, caption),
  );
}

function drawn(picture: ImageBitmap, { faceRectangle }: SessionImage, label: string): HTMLCanvasElement {
  const canvas = create('canvas', { role: 'img', 'aria-label': label });
  Object.assign(canvas, { width: picture.width, height: picture.height });
  const context = canvas.getContext('2d');
  context?.drawImage(picture, 0, 0);
  picture.close();
  if (context) {
    context.strokeStyle = RECTANGLE_COLOUR;
    context.lineWidth = Math.max(2, canvas.width / 160);
    context.strokeRect(faceRectangle.left, faceRectangle.top, faceRectangle.width, faceRectangle.height);
  }
  return canvas;
}
