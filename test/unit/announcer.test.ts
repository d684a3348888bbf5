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
    [5_300, 'No connection'],
  ]);
});

it('says something again when something else was said between', () => {
  for (const text of ['Come closer', 'Hold still', 'Come closer']) {
    announcer.announce(text);
    vi.advanceTimersByTime(2_000);
  }
  expect(said.map(([, text]) => text)).toEqual(['Come closer', 'Hold still', 'Come closer']);
});

it('leaves what is long the time that it takes to say', () => {
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

it('leaves short time after the press of a button too', () => {
  announcer.announce('Come closer until your face fills the ring');
  vi.advanceTimersByTime(100);
  announcer.interrupt();
  announcer.announce('Canceled');
  vi.advanceTimersByTime(5_000);
  expect(said.at(-1)).toEqual([1_800, 'Canceled']);
});

it('does not wait for what was broken off by the press of a button', () => {
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
  'that a line is gone is no news, unless it was not said yet: %s',
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

it('a sentence that another begins with is another', () => {
  for (const text of ['Come closer until your face fills the ring', 'Come closer']) {
    announcer.announce(text);
    vi.advanceTimersByTime(5_000);
  }
  expect(said).toHaveLength(2);
});
