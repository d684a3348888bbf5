/** Head poses and smiles of an attempt, relative to the person's own frontal look, and the positions they make. */
import { HEAD_TURNS, type ActiveMotion, type CaptureStep, type HeadTurn } from '../../../../../src/protocol/wire.js';
import type { Analysis, FaceFacts, FrameFacts } from '../analysis.js';
import type { Case } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

export type Position = ActiveMotion | 'frontal' | 'between';

export interface Posed {
  fileName: string;
  timeOffsetInMs: number;
  step: CaptureStep;
  frame: FrameFacts;
  face: FaceFacts;
  /** Degrees from the person's own frontal pose; left and up are positive. */
  yaw: number;
  pitch: number;
  /** How much wider the mouth is than in the person's own frontal look, as a share. */
  smile: number;
  position: Position;
}

/** @returns the frames with a face, in order of time; empty if there is no frontal pose to start from */
export function posesOf({ manifest, analysis, challenge }: Pick<Case, 'manifest' | 'analysis' | 'challenge'>): Posed[] {
  const own = ownFrontalLook({ manifest, analysis });
  if (!own) return [];
  const asksForSmile = challenge.includes('smile');
  return manifest.frames
    .flatMap(({ fileName, timeOffsetInMs, step }, index) => {
      const frame = analysis.frames[index];
      const face = frame?.face;
      if (!frame || !face) return [];
      const [yaw, pitch] = [face.pose.yaw - own.yaw, face.pose.pitch - own.pitch];
      const smile = face.mouthWidth / own.mouthWidth - 1;
      const position = positionOf(yaw, pitch);
      // A smile during a head turn does not count.
      const smiles =
        asksForSmile && position === 'frontal' && !isHeadTurn(step) && smile >= THRESHOLDS.turn.smile ? 'smile' : null;
      return [{ fileName, timeOffsetInMs, step, frame, face, yaw, pitch, smile, position: smiles ?? position }];
    })
    .sort((a, b) => a.timeOffsetInMs - b.timeOffsetInMs);
}

/**
 * The median of the frames before the first motion: cameras may be above or below the eyes, and mouths differ in width.
 */
function ownFrontalLook({ manifest, analysis }: { manifest: Case['manifest']; analysis: Analysis }) {
  const firstMotion = manifest.frames.findIndex(({ step }) => step !== 'passive');
  const before = analysis.frames
    .slice(0, firstMotion === -1 ? undefined : firstMotion)
    .flatMap(({ face }) => face ?? []);
  if (before.length === 0) return null;
  return {
    yaw: median(before.map(({ pose }) => pose.yaw)),
    pitch: median(before.map(({ pose }) => pose.pitch)),
    mouthWidth: median(before.map(({ mouthWidth }) => mouthWidth)),
  };
}

export function isHeadTurn(step: CaptureStep | undefined): boolean {
  return HEAD_TURNS.some((turn) => turn === step);
}

export function positionOf(yaw: number, pitch: number): Position {
  const { turn } = THRESHOLDS;
  if (Math.abs(yaw) <= turn.frontal && Math.abs(pitch) <= turn.frontal) return 'frontal';
  const [share, direction] = HEAD_TURNS.map((candidate) => [shareOf(candidate, yaw, pitch), candidate] as const).reduce(
    (best, next) => (next[0] > best[0] ? next : best),
  );
  return share >= 1 ? direction : 'between';
}

/** Whether the head looks into the camera, smiling or not. */
export function isFrontal(position: Position): boolean {
  return position === 'frontal' || position === 'smile';
}

/** 1 or more once the head has turned far enough in `direction`. */
function shareOf(direction: HeadTurn, yaw: number, pitch: number): number {
  const { turn } = THRESHOLDS;
  const shares: Record<HeadTurn, number> = {
    lookLeft: yaw / turn.yaw,
    lookRight: -yaw / turn.yaw,
    lookUp: pitch / turn.pitch,
    lookDown: -pitch / turn.pitch,
  };
  return shares[direction];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
