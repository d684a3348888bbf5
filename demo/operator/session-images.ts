/** Shows a session's stored frames, each with the face rectangles that the page reported and that the judge found. */
import type { FaceRectangle } from '../../src/protocol/geometry.js';
import { create } from '../common/dom.js';
import { judgeEvidence, type JudgedFrame } from './evidence/judge-evidence.js';
import { frameWord, poseWords } from './evidence/words.js';
import type { AuditEntry, Service, SessionImage } from './service.js';

const SAID_COLOUR = '#37e0bd';
const FOUND_COLOUR = '#ffb020';
/** Pixels of a picture's longest side after it is scaled down for the page. */
const LONGEST_SIDE = 640;

type Judged = ReadonlyMap<string, JudgedFrame>;

/**
 * Judged frames by attempt and file name. An audit entry does not name its attempt, but the picture it refers to does.
 */
function judgedFrames(images: SessionImage[], entries: AuditEntry[]): Judged {
  const judged = new Map<string, JudgedFrame>();
  for (const { sessionImageId, response } of entries) {
    const attemptId = images.find((image) => image.sessionImageId === sessionImageId)?.attemptId;
    for (const frame of judgeEvidence(response.body)?.frames ?? []) judged.set(`${attemptId}/${frame.fileName}`, frame);
  }
  return judged;
}

/** Loads the pictures only when the operator asks for them, because they show a person. */
export function sessionImages(service: Service, images: SessionImage[], entries: AuditEntry[]): HTMLElement {
  if (images.length === 0) {
    const none = 'None were kept. The service keeps them with a decision, if the session asks for them.';
    return create('p', { class: 'fine' }, none);
  }
  const show = create('button', { type: 'button', class: 'small', click: () => void load() }, `Show ${images.length}`);
  const gallery = create('div', { class: 'gallery' }, show);
  const several = new Set(images.map(({ attemptId }) => attemptId)).size > 1;
  async function load(): Promise<void> {
    show.disabled = true;
    const judged = judgedFrames(images, entries);
    if (judged.size > 0) gallery.append(legend());
    // Loads one after the other: there may be a hundred, and each is decoded at full size.
    for (const image of images) {
      // Another session has been opened in the meantime.
      if (!gallery.isConnected) return;
      // A picture that cannot be decoded must not hide the others: a forger may have sent it for that purpose.
      gallery.append(
        await figure(service, image, judged, several).catch((error: unknown) =>
          create('p', { class: 'error', role: 'alert' }, `${image.fileName}: ${(error as Error).message}`),
        ),
      );
    }
    show.remove();
  }
  return gallery;
}

function legend(): HTMLElement {
  return create(
    'p',
    { class: 'fine legend' },
    create('span', { class: 'said' }, 'Face where the page reported it'),
    create('span', { class: 'found' }, 'Face where the judge found it'),
  );
}

async function figure(
  service: Service,
  image: SessionImage,
  judged: Judged,
  nameAttempt: boolean,
): Promise<HTMLElement> {
  const { attemptId, fileName, step, timeOffsetInMs, faceRectangle } = image;
  const found = judged.get(`${attemptId}/${fileName}`);
  const attempt = nameAttempt ? `Attempt ${attemptId} · ` : '';
  const caption = `${attempt}${frameWord(fileName)} · ${step} · ${(timeOffsetInMs / 1000).toFixed(1)} s`;
  const picture = await createImageBitmap(await service.getImage(image.sessionImageId));
  const boxes: Box[] = [{ rectangle: faceRectangle, colour: SAID_COLOUR }];
  if (found?.faceRectangle) boxes.push({ rectangle: found.faceRectangle, colour: FOUND_COLOUR });
  return create(
    'figure',
    {},
    drawn(picture, boxes, `${fileName}, ${step}, with its face rectangle`),
    create('figcaption', { class: 'fine' }, caption, found && create('span', { class: 'pose' }, poseWords(found))),
  );
}

interface Box {
  rectangle: FaceRectangle;
  colour: string;
}

function drawn(picture: ImageBitmap, boxes: Box[], label: string): HTMLCanvasElement {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = create('canvas', { role: 'img', 'aria-label': label });
  Object.assign(canvas, { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  const context = canvas.getContext('2d');
  context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  context?.scale(scale, scale);
  for (const { rectangle, colour } of boxes) {
    Object.assign(context ?? {}, { strokeStyle: colour, lineWidth: Math.max(2, canvas.width / 160) / scale });
    context?.strokeRect(rectangle.left, rectangle.top, rectangle.width, rectangle.height);
  }
  return canvas;
}
