import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Countdown } from '../../src/countdown.js';

let countdown: Countdown;
let rung: string[];
const ring = (name = 'rung') => {
  return () => rung.push(name);
};

beforeEach(() => {
  vi.useFakeTimers();
  countdown = new Countdown();
  rung = [];
});

afterEach(() => {
  vi.useRealTimers();
});

it('rings once, when the time is up', () => {
  countdown.start(100, ring());
  vi.advanceTimersByTime(99);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual(['rung']);
});

it('rings only for the last start', () => {
  countdown.start(100, ring('first'));
  vi.advanceTimersByTime(90);
  countdown.start(100, ring('second'));
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual(['second']);
});

it('does not ring after clear()', () => {
  countdown.start(100, ring());
  countdown.clear();
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual([]);
});

it('stands still while it is paused, however often that is', () => {
  countdown.start(100, ring());
  for (let count = 0; count < 3; count++) {
    vi.advanceTimersByTime(30);
    countdown.pause();
    countdown.pause();
    vi.advanceTimersByTime(10_000);
    countdown.resume();
    countdown.resume();
  }
  vi.advanceTimersByTime(9);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual(['rung']);
});

it('counts from resume() if it was started while paused', () => {
  countdown.pause();
  countdown.start(100, ring());
  vi.advanceTimersByTime(10_000);
  countdown.resume();
  vi.advanceTimersByTime(99);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual(['rung']);
});

it.each(['cleared', 'run out'])('once %s, does not ring when paused and resumed', (how) => {
  countdown.start(100, ring());
  if (how === 'cleared') countdown.clear();
  else vi.advanceTimersByTime(100);
  rung = [];
  countdown.pause();
  countdown.resume();
  vi.advanceTimersByTime(10_000);
  expect(rung).toEqual([]);
});

it('may be started again by its own callback', () => {
  countdown.start(100, () => countdown.start(50, ring('again')));
  vi.advanceTimersByTime(150);
  expect(rung).toEqual(['again']);
});
