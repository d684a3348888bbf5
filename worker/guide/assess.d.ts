/**
 * What is wrong with a frame: the one correction that matters most, or none. Pure, over measurements and policy.
 */
import { type Correction, type GuidanceCode } from '../../src/protocol/guidance.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
/** A correction with the figure behind it, where there is one. */
export interface Finding {
    code: Correction;
    value?: number;
    threshold?: number;
}
/**
 * @param shown the correction shown now: its bound must be cleared with a margin, so that guidance does not flicker
 */
export declare function assess(analysis: FrameAnalysis, policy: CapturePolicy, shown: GuidanceCode | null): Finding | null;
