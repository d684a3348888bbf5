/**
 * What only shows over several frames: a camera that stands still, eyes that are shut for longer than a blink, a device
 * that was turned. Pure.
 */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
export interface WatchState {
    /** Since when every picture is the same as the one before, or black. */
    stillSince: number | null;
    eyesShutSince: number | null;
    /** Whether pictures were wide when the capture began, and since when it is otherwise. */
    wide: boolean | null;
    turnedSince: number | null;
}
export declare function startWatch(): WatchState;
export declare function watch(state: WatchState, analysis: FrameAnalysis, policy: CapturePolicy): WatchState;
export declare function isStalled({ stillSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean;
export declare function isRotated({ turnedSince }: WatchState): boolean;
export declare function isBlink({ eyesShutSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean;
