import type { Picture, Rotation } from '../../src/protocol/worker-api.js';
import { pictureSize, Surface } from '../picture.js';

const surface = new Surface();

/**
 * Rotates the picture of a camera that is mounted on its side, so that it is upright.
 *
 * @param rotation clockwise rotation of the picture
 * @returns a new picture, which has to be closed separately; or `picture` itself if there is nothing to rotate
 */
export function upright(picture: Picture, rotation: Rotation): Picture {
  if (rotation === 0) return picture;
  const { width, height } = pictureSize(picture);
  const [across, down] = rotation === 180 ? [width, height] : [height, width];
  const context = surface.context(across, down);
  context.translate(across / 2, down / 2);
  context.rotate((rotation * Math.PI) / 180);
  // putImageData cannot rotate.
  const source = picture instanceof ImageData ? new Surface().draw(picture) : picture;
  context.drawImage(source, -width / 2, -height / 2);
  context.resetTransform();
  if (picture instanceof ImageData) return context.getImageData(0, 0, across, down);
  return new VideoFrame(context.canvas, { timestamp: picture.timestamp });
}
