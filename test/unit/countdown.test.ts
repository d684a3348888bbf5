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

it('rings once, when it is time', () => {
  countdown.start(100, ring());
  vi.advanceTimersByTime(99);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual(['rung']);
});

it('a new start takes the place of the last', () => {
  countdown.start(100, ring('first'));
  vi.advanceTimersByTime(90);
  countdown.start(100, ring('second'));
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual(['second']);
});

it('does not ring when it was cleared', () => {
  countdown.start(100, ring());
  countdown.clear();
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual([]);
});

it('stands still for as long as it is paused, however often', () => {
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

it('what is started while it is paused counts from the resumption', () => {
  countdown.pause();
  countdown.start(100, ring());
  vi.advanceTimersByTime(10_000);
  countdown.resume();
  vi.advanceTimersByTime(99);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual(['rung']);
});

it.each(['cleared', 'run out'])('when it was %s, pausing and resuming ring nothing', (how) => {
  countdown.start(100, ring());
  if (how === 'cleared') countdown.clear();
  else vi.advanceTimersByTime(100);
  rung = [];
  countdown.pause();
  countdown.resume();
  vi.advanceTimersByTime(10_000);
  expect(rung).toEqual([]);
});

it('may be started again by what it rings', () => {
  countdown.start(100, () => countdown.start(50, ring('again')));
  vi.advanceTimersByTime(150);
  expect(rung).toEqual(['again']);
});
