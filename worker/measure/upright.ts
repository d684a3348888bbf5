import type { Picture, Rotation } from '../../src/protocol/worker-api.js';
import { pictureSize, Surface } from '../picture.js';

const surface = new Surface();

/**
 * What a camera that is mounted on its side would have seen upright.
 *
 * @param rotation by how much the picture is turned, clockwise
 * @returns a picture of its own, to be closed by itself; or `picture` where nothing is to be turned
 */
export function upright(picture: Picture, rotation: Rotation): Picture {
  if (rotation === 0) return picture;
  const { width, height } = pictureSize(picture);
  const [across, down] = rotation === 180 ? [width, height] : [height, width];
  const context = surface.context(across, down);
  context.translate(across / 2, down / 2);
  context.rotate((rotation * Math.PI) / 180);
  // putImageData does not turn.
  const source = picture instanceof ImageData ? new Surface().draw(picture) : picture;
  context.drawImage(source, -width / 2, -height / 2);
  context.resetTransform();
  if (picture instanceof ImageData) return context.getImageData(0, 0, across, down);
  return new VideoFrame(context.canvas, { timestamp: picture.timestamp });
}
