/**
 * The head turns the service drew: each counts only from the person's own frontal pose, in its own direction, within
 * its time. Pure.
 */
import type { TurnProgress } from '../../src/protocol/guidance.js';
import type { FrameMeasurements } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
import type { HeadTurn } from '../../src/protocol/wire.js';
interface Look {
    yaw: number;
    pitch: number;
    /** Width of the face over its height. */
    aspect: number;
}
export interface TurnsState {
    index: number;
    /** `centre`: look into the camera first; `out`: turn now. After the last turn one more `centre`, then `done`. */
    stage: 'centre' | 'out' | 'done';
    /** The person's own frontal pose, measured before the first turn. */
    frontal: Look | null;
    /** Since when the pose asked for is held. */
    heldSince: number | null;
    /** When this turn began. */
    since: number;
}
export interface TurnsStep {
    state: TurnsState;
    call: HeadTurn | 'returnToCentre' | 'wrongWay';
    progress: TurnProgress | null;
    /** Which pictures this frame belongs to: at the centre before a turn, on the way, or turned. */
    role: 'centre' | 'way' | 'turned' | null;
    late: boolean;
}
export declare function startTurns(time: number): TurnsState;
export declare function stepTurns(state: TurnsState, measured: FrameMeasurements, time: number, directions: readonly HeadTurn[], policy: CapturePolicy): TurnsStep;
export {};
