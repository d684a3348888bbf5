import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePlan, CapturePhase, FrameReport } from '../../src/protocol/worker-api.js';
import type { CaptureStep } from '../../src/protocol/wire.js';
import { type WatchState } from './watch.js';
import { type SteadyState } from './steady.js';
import { type TurnsState } from './turns.js';
export interface CoachState {
    phase: CapturePhase;
    steady: SteadyState;
    watch: WatchState;
    /** Milliseconds for which all was well, and since when it is not. */
    heldMs: number;
    lapseSince: number | null;
    /** Since when the light is unsuitable. */
    lightSince: number | null;
    turns: TurnsState | null;
    /** Since when the face is lost during the turns. */
    lostSince: number | null;
    lastTime: number | null;
}
/** Frames kept together, of which `wanted` are sent. */
export interface Keep {
    group: string;
    step: CaptureStep;
    wanted: number;
}
export interface CoachOutput extends Omit<FrameReport, 'analysis'> {
    keep: Keep | null;
    /** A group whose frames count no longer. */
    forget: string | null;
}
export declare function startCoach(): CoachState;
/** The person agreed: from now on heads are turned. */
export declare function agreeToTurns(state: CoachState): CoachState;
export declare function stepCoach(state: CoachState, analysis: FrameAnalysis, plan: CapturePlan): [CoachState, CoachOutput];
