/**
 * Reads the evidence that the default judge stores in the audit with its decision. Other judges may store anything
 * under the same name, so every value is checked before use.
 */
import type { FaceRectangle } from '../../../src/protocol/geometry.js';
import { ACTIVE_MOTIONS, type ActiveMotion, type LivenessResponseBody } from '../../../src/protocol/wire.js';

export interface JudgeEvidence {
  challenge: ActiveMotion[];
  findings: Finding[];
  frames: JudgedFrame[];
  /** Degrees from the frontal pose at which a head counts as turned. */
  turn: { yaw: number; pitch: number } | null;
  verify: { frame: string; frameQuality: string; distance: number; furthest: number } | null;
}

export const WEIGHTS = ['attack', 'doubts', 'supports', 'absent'] as const;

export interface Finding {
  name: string;
  finding: (typeof WEIGHTS)[number];
  value: number | string;
  atLeast?: number;
  atMost?: number;
  unit?: string;
  /** File names of the frames that show it. */
  frames?: string[];
  /** Names of other attempts that show it, such as `<session id>/1`. */
  attempts?: string[];
}

export interface JudgedFrame {
  fileName: string;
  timeOffsetInMs: number;
  step: string;
  faceCount: number;
  /** In pixels of the frame; null if there is no face. */
  faceRectangle: FaceRectangle | null;
  /** Degrees from the person's own frontal pose; left and up are positive. */
  fromFrontal: { yaw: number; pitch: number } | null;
}

/** @returns null if there is no evidence, or none that this page can show */
export function judgeEvidence({ evidence }: LivenessResponseBody): JudgeEvidence | null {
  if (!isRecord(evidence)) return null;
  const findings = listOf(evidence['findings'], isFinding);
  const frames = listOf(evidence['frames'], isJudgedFrame);
  if (findings.length === 0 && frames.length === 0) return null;
  const { turn, verify } = evidence;
  return {
    challenge: listOf(evidence['challenge'], (one): one is ActiveMotion =>
      ACTIVE_MOTIONS.some((motion) => motion === one),
    ),
    findings,
    frames,
    turn: hasNumbers(turn, ['yaw', 'pitch']) ? turn : null,
    verify:
      hasNumbers(verify, ['distance', 'furthest']) && isText(verify, 'frame') && isText(verify, 'frameQuality')
        ? verify
        : null,
  };
}

function isFinding(value: unknown): value is Finding {
  if (!isText(value, 'name')) return false;
  const { finding, value: measured, atLeast, atMost, unit, frames, attempts } = value as Record<string, unknown>;
  return (
    WEIGHTS.some((weight) => weight === finding) &&
    (typeof measured === 'string' || Number.isFinite(measured)) &&
    [atLeast, atMost].every((limit) => limit === undefined || Number.isFinite(limit)) &&
    (unit === undefined || typeof unit === 'string') &&
    [frames, attempts].every((names) => names === undefined || isTexts(names))
  );
}

function isJudgedFrame(value: unknown): value is JudgedFrame {
  if (!hasNumbers(value, ['timeOffsetInMs', 'faceCount']) || !isText(value, 'fileName') || !isText(value, 'step')) {
    return false;
  }
  const { faceRectangle, fromFrontal } = value as Record<string, unknown>;
  return (
    (faceRectangle === null || hasNumbers(faceRectangle, ['top', 'left', 'width', 'height'])) &&
    (fromFrontal === null || hasNumbers(fromFrontal, ['yaw', 'pitch']))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText<Name extends string>(value: unknown, name: Name): value is Record<Name, string> {
  return isRecord(value) && typeof value[name] === 'string';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function hasNumbers<Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, number> {
  return isRecord(value) && names.every((name) => Number.isFinite(value[name]));
}

function listOf<Item>(value: unknown, is: (item: unknown) => item is Item): Item[] {
  return Array.isArray(value) ? value.filter(is) : [];
}
