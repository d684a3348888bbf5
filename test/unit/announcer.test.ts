import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Announcer } from '../../src/view/announcer.js';
import { join } from '../../src/view/sentences.js';

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

it('says the first text at once', () => {
  announcer.announce('Look at the camera');
  vi.advanceTimersByTime(0);
  expect(said).toEqual([[0, 'Look at the camera']]);
});

it('says a text once, however often it is rendered', () => {
  for (let count = 0; count < 10; count++) {
    announcer.announce('Look at the camera');
    vi.advanceTimersByTime(500);
  }
  expect(said).toHaveLength(1);
});

it('leaves time to speak a text, and then says only what is current by then', () => {
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

it('does not say a text that was replaced before it was said', () => {
  announcer.announce('Come closer');
  vi.advanceTimersByTime(100);
  announcer.announce('Hold still');
  vi.advanceTimersByTime(100);
  announcer.announce('Come closer');
  vi.advanceTimersByTime(5_000);
  expect(said.map(([, text]) => text)).toEqual(['Come closer']);
});

it('says the same text again after forget(), 300 ms after it has emptied the region', () => {
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
    [5_300, 'No connection'],
  ]);
});

it('says a text again if another was said in between', () => {
  for (const text of ['Come closer', 'Hold still', 'Come closer']) {
    announcer.announce(text);
    vi.advanceTimersByTime(2_000);
  }
  expect(said.map(([, text]) => text)).toEqual(['Come closer', 'Hold still', 'Come closer']);
});

it('leaves 60 ms per character for a long text', () => {
  const long = 'Turn your head a little. Look where the arrow points, then back at the camera. Continue or Not now';
  announcer.announce(long);
  vi.advanceTimersByTime(0);
  announcer.announce('Hold still');
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual([
    [0, long],
    [60 * long.length, 'Hold still'],
  ]);
});

it('leaves 1.8 seconds between texts even after interrupt()', () => {
  announcer.announce('Come closer until your face fills the ring');
  vi.advanceTimersByTime(100);
  announcer.interrupt();
  announcer.announce('Canceled');
  vi.advanceTimersByTime(5_000);
  expect(said.at(-1)).toEqual([1_800, 'Canceled']);
});

it('does not wait for the end of a long text after interrupt() or forget()', () => {
  const press = [() => announcer.interrupt(), () => announcer.forget()];
  for (const [index, pressed] of press.entries()) {
    announcer.announce(`Turn your head a little. Look where the arrow points. Continue or Not now ${index}`);
    vi.advanceTimersByTime(2_000);
    pressed();
    announcer.announce('Turn your head to your left');
    vi.advanceTimersByTime(5_000);
  }
  const turns = said.filter(([, text]) => text.startsWith('Turn your head to'));
  expect(turns.map(([at]) => at)).toEqual([2_300, 9_300]);
});

it.each(['Getting ready', '準備しています。'])(
  'does not say that the second line is gone, unless nothing was said yet: %s',
  (title) => {
    const both = join(title, 'If your browser asks, allow the camera.');
    announcer.announce(both);
    vi.advanceTimersByTime(5_000);
    announcer.announce(title);
    vi.advanceTimersByTime(5_000);
    expect(said.map(([, text]) => text)).toEqual([both]);
    announcer.forget();
    announcer.announce(both);
    announcer.announce(title);
    vi.advanceTimersByTime(5_000);
    expect(said.map(([, text]) => text)).toEqual([both, '', title]);
  },
);

it('says a text that is the beginning of the previous one', () => {
  for (const text of ['Come closer until your face fills the ring', 'Come closer']) {
    announcer.announce(text);
    vi.advanceTimersByTime(5_000);
  }
  expect(said).toHaveLength(2);
});
