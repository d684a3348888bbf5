import { describe, expect, it } from 'vitest';
import { isDoubtful, rankCameras } from '../../src/camera-choice.js';

const camera = (label: string) => ({ deviceId: label, label });
const rank = (facing: 'user' | 'environment', ...labels: string[]) =>
  rankCameras(labels.map(camera), facing).map(({ label }) => label);

describe('the choice of a camera', () => {
  it.each([
    ['OBS Virtual Camera', 'Integrated Webcam'],
    ['Snap Camera', 'HD Pro Webcam C920 (046d:082d)'],
    ['Integrated IR Camera', 'Integrated Camera'],
    ['camera2 0, facing back', 'camera2 1, facing front'],
    ['Back Dual Wide Camera', 'Front Camera'],
    ['Intel(R) RealSense(TM) Depth Camera', 'FaceTime HD Camera'],
  ])('doubts “%s” and prefers “%s”', (worse, better) => {
    expect(rank('user', worse, better)).toEqual([better, worse]);
    expect(rank('user', better, worse)).toEqual([better, worse]);
    expect(isDoubtful(camera(worse), 'user')).toBe(true);
    expect(isDoubtful(camera(better), 'user')).toBe(false);
  });

  it('prefers a camera that faces back for facing mode environment', () => {
    expect(rank('environment', 'camera2 1, facing front', 'camera2 0, facing back')[0]).toBe('camera2 0, facing back');
  });

  it('keeps the browser’s order if no name is doubtful', () => {
    expect(rank('user', 'Webcam A', 'Webcam B', 'Webcam C')).toEqual(['Webcam A', 'Webcam B', 'Webcam C']);
    expect(rank('user', '', '')).toEqual(['', '']);
  });

  it('doubts a camera whose name says both front and back, and puts it last', () => {
    expect(rank('user', 'Back camera, front', 'Webcam')).toEqual(['Webcam', 'Back camera, front']);
    expect(isDoubtful(camera('Back camera, front'), 'user')).toBe(true);
  });

  it.each(['Birch Webcam', 'Observer Cam', 'Infracam HD', 'Backyard'])('does not doubt “%s”', (label) => {
    expect(isDoubtful(camera(label), 'user')).toBe(false);
  });
});
