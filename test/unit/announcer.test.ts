import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Announcer } from '../../src/view/announcer.js';

let said: [number, string][];
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const start = performance.now();
  said = [];
  announcer = new Announcer((text) => said.push([Math.round(performance.now() - start), text]));
});

afterEach(() => {
  vi.useRealTimers();
});

it('says the first thing at once', () => {
  announcer.announce('Look at the camera');
  vi.advanceTimersByTime(0);
  expect(said).toEqual([[0, 'Look at the camera']]);
});

it('says each thing once, however often it is rendered', () => {
  for (let count = 0; count < 10; count++) {
    announcer.announce('Look at the camera');
    vi.advanceTimersByTime(500);
  }
  expect(said).toHaveLength(1);
});

it('leaves time to speak, and then says what holds by then', () => {
  for (const text of ['Come closer', 'Move back', 'Hold still']) {
    announcer.announce(text);
    vi.advanceTimersByTime(400);
  }
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([
    [0, 'Come closer'],
    [1_800, 'Hold still'],
  ]);
});

it('what is withdrawn before it was said is not said', () => {
  announcer.announce('Come closer');
  vi.advanceTimersByTime(100);
  announcer.announce('Hold still');
  vi.advanceTimersByTime(100);
  announcer.announce('Come closer');
  vi.advanceTimersByTime(5_000);
  expect(said.map(([, text]) => text)).toEqual(['Come closer']);
});

it('says the same again when it is told to forget, from an empty region that somebody could look at', () => {
  announcer.announce('No connection');
  vi.advanceTimersByTime(5_000);
  announcer.forget();
  announcer.announce('No connection');
  vi.advanceTimersByTime(0);
  expect(said.at(-1)).toEqual([5_000, '']);
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([
    [0, 'No connection'],
    [5_000, ''],
    [5_100, 'No connection'],
  ]);
});

it('says something again when something else was said between', () => {
  for (const text of ['Come closer', 'Hold still', 'Come closer']) {
    announcer.announce(text);
    vi.advanceTimersByTime(2_000);
  }
  expect(said.map(([, text]) => text)).toEqual(['Come closer', 'Hold still', 'Come closer']);
});
