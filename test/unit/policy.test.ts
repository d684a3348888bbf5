import { expect, it } from 'vitest';
import { DEFAULT_POLICY, resolvePolicy } from '../../src/protocol/policy.js';

it('has the defaults if nothing is set', () => {
  expect(resolvePolicy()).toEqual(DEFAULT_POLICY);
  expect(resolvePolicy({})).toEqual(DEFAULT_POLICY);
});

it('sets single bounds and leaves their neighbours', () => {
  const policy = resolvePolicy({
    yaw: 20,
    hold: { ms: 2000 },
    brightness: { min: 0.1 },
    turn: { aspect: { min: 0.8 } },
  });
  expect(policy.yaw).toBe(20);
  expect(policy.hold).toEqual({ ...DEFAULT_POLICY.hold, ms: 2000 });
  expect(policy.brightness).toEqual({ ...DEFAULT_POLICY.brightness, min: 0.1 });
  expect(policy.turn).toEqual({ ...DEFAULT_POLICY.turn, aspect: { ...DEFAULT_POLICY.turn.aspect, min: 0.8 } });
  expect(policy.guidance).toEqual(DEFAULT_POLICY.guidance);
});

it('does not change the defaults themselves', () => {
  const before = structuredClone(DEFAULT_POLICY);
  resolvePolicy({ hold: { ms: 1 }, roll: 90 });
  expect(DEFAULT_POLICY).toEqual(before);
});

it('treats undefined as not set, as JavaScript does in parameters', () => {
  const overrides = { yaw: undefined, hold: { ms: undefined, frames: 3 }, turn: undefined };
  expect(resolvePolicy(overrides as never)).toEqual({ ...DEFAULT_POLICY, hold: { ...DEFAULT_POLICY.hold, frames: 3 } });
});

it('has default bounds that leave room between them', () => {
  const { faceHeight, brightness, pitch, turn, yaw, hold } = DEFAULT_POLICY;
  expect(faceHeight.min).toBeLessThan(faceHeight.max);
  expect(brightness.min).toBeLessThan(brightness.max);
  expect(pitch.min).toBeLessThan(pitch.max);
  expect(turn.frontal, 'a return can be told from a turn').toBeLessThan(Math.min(turn.yaw, turn.pitch));
  expect(yaw, 'a frontal pose is no turn').toBeLessThanOrEqual(turn.yaw);
  expect(hold.graceMs).toBeLessThan(hold.ms);
});
