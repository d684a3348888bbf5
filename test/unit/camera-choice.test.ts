import { describe, expect, it } from 'vitest';
import { isDoubtful, rankCameras } from '../../src/camera-choice.js';

const camera = (label: string) => ({ deviceId: label, label });
const rank = (facing: 'user' | 'environment', ...labels: string[]) =>
  rankCameras(labels.map(camera), facing).map(({ label }) => label);

describe('which camera is taken', () => {
  it.each([
    ['OBS Virtual Camera', 'Integrated Webcam'],
    ['Snap Camera', 'HD Pro Webcam C920 (046d:082d)'],
    ['Integrated IR Camera', 'Integrated Camera'],
    ['camera2 0, facing back', 'camera2 1, facing front'],
    ['Back Dual Wide Camera', 'Front Camera'],
    ['Intel(R) RealSense(TM) Depth Camera', 'FaceTime HD Camera'],
  ])('not “%s” but “%s”', (worse, better) => {
    expect(rank('user', worse, better)).toEqual([better, worse]);
    expect(rank('user', better, worse)).toEqual([better, worse]);
    expect(isDoubtful(camera(worse), 'user')).toBe(true);
    expect(isDoubtful(camera(better), 'user')).toBe(false);
  });

  it('of a kiosk: the one that looks away', () => {
    expect(rank('environment', 'camera2 1, facing front', 'camera2 0, facing back')[0]).toBe('camera2 0, facing back');
  });

  it('the browser’s order where nothing speaks against it', () => {
    expect(rank('user', 'Webcam A', 'Webcam B', 'Webcam C')).toEqual(['Webcam A', 'Webcam B', 'Webcam C']);
    expect(rank('user', '', '')).toEqual(['', '']);
  });

  it('last the one whose name says both ways', () => {
    expect(rank('user', 'Back camera, front', 'Webcam')).toEqual(['Webcam', 'Back camera, front']);
    expect(isDoubtful(camera('Back camera, front'), 'user')).toBe(true);
  });

  it.each(['Birch Webcam', 'Observer Cam', 'Infracam HD', 'Backyard'])('“%s” is no reason to doubt', (label) => {
    expect(isDoubtful(camera(label), 'user')).toBe(false);
  });
});
