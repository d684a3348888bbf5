/** A kept session image with the face rectangle the service found in it. */
import type { FaceRectangle } from '../../src/protocol/geometry.js';
import { create } from '../shared/dom.js';

/** Loaded only when asked for: it is a picture of a person. */
export function sessionImage(load: () => Promise<Blob>, face: FaceRectangle | undefined): HTMLElement {
  const figure = create('figure');
  const button = create('button', { type: 'button', class: 'small', click: () => void show() }, 'Show the picture');
  figure.append(button);
  async function show(): Promise<void> {
    button.disabled = true;
    try {
      figure.replaceChildren(await drawn(await load(), face));
    } catch (error) {
      figure.replaceChildren(create('p', { class: 'error' }, (error as Error).message));
    }
  }
  return figure;
}

async function drawn(blob: Blob, face: FaceRectangle | undefined): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(blob);
  const canvas = create('canvas', { role: 'img', 'aria-label': 'Session image with the face rectangle' });
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  if (context && face) {
    context.strokeStyle = '#37e0bd';
    context.lineWidth = Math.max(2, canvas.width / 200);
    context.strokeRect(face.left, face.top, face.width, face.height);
  }
  return canvas;
}
