/**
 * What is shown, as opposed to what was just found: nothing changes before it has been called for some time, nothing
 * goes before it could be read, and what does not help is said differently. Pure.
 */
import type { Guidance, GuidanceCode } from '../../src/protocol/guidance.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
export interface Called {
    code: GuidanceCode;
    value?: number;
    threshold?: number;
}
export interface SteadyState {
    shown: Guidance | null;
    shownSince: number;
    /** What is called for instead, and since when. */
    waiting: GuidanceCode | null;
    waitingSince: number;
    /** Since when what is shown is no longer called for. */
    staleSince: number | null;
}
export declare const STEADY_START: SteadyState;
/** @param time milliseconds, growing */
export declare function steady(state: SteadyState, called: Called, time: number, policy: CapturePolicy['guidance']): SteadyState;
