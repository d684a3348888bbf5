/** An element that is not rendered pauses, like a page in the background, and goes on when it is shown. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { en } from '../../src/strings/en.js';
import { holdPrompts } from './devices.js';
import { allowLeaps, Harness, TOKEN, until, type Options } from './harness.js';

let harness: Harness;
let around: HTMLElement;

const Observer = IntersectionObserver;

beforeEach(() => {
  allowLeaps();
  // Tests run in a frame, where an element scrolled out of view counts as hidden. In a top-level page it does not, so
  // report every element as in view. `test/e2e/visibility.spec.ts` tests both.
  globalThis.IntersectionObserver = class extends Observer {
    constructor(tell: IntersectionObserverCallback) {
      super((entries) =>
        tell(
          entries.map(() => ({ isIntersecting: true }) as IntersectionObserverEntry),
          this,
        ),
      );
    }
  };
});
afterEach(async () => {
  vi.restoreAllMocks();
  globalThis.IntersectionObserver = Observer;
  await harness.dispose();
  around.remove();
  vi.useRealTimers();
});

/** Ways in which a page can show and hide the element. */
const WAYS = {
  'a modal dialog': {
    tag: 'dialog',
    show: () => (around as HTMLDialogElement).showModal(),
    hide: () => (around as HTMLDialogElement).close(),
  },
  details: {
    tag: 'details',
    show: () => ((around as HTMLDetailsElement).open = true),
    hide: () => ((around as HTMLDetailsElement).open = false),
  },
  'display: none': {
    tag: 'div',
    show: () => (around.style.display = ''),
    hide: () => (around.style.display = 'none'),
  },
  'the attribute hidden': {
    tag: 'div',
    show: () => (harness.element.hidden = false),
    hide: () => (harness.element.hidden = true),
  },
} as const;
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as Way[];

function mount(way: Way, options: Options = {}): { show(): unknown; hide(): unknown } {
  harness = new Harness({ ...options, properties: { record: true, ...options.properties } });
  const { tag, show, hide } = WAYS[way];
  around = document.createElement(tag);
  document.body.append(around);
  around.append(harness.element);
  return { show, hide };
}

/** What the recording says about visibility, in order: true for hidden, false for visible again. */
const told = () =>
  harness.element.recording?.entries.flatMap((entry) =>
    entry.type === 'event' && entry.event.type === 'page' ? [entry.event.isHidden] : [],
  );

const isReady = () =>
  harness.element.recording?.entries.some((entry) => entry.type === 'event' && entry.event.type === 'detectorReady') ===
  true;

/** Waits until the video has shown so many more pictures, analysed or not. */
async function pictures(count: number): Promise<void> {
  for (let shown = 0; shown < count; shown++) {
    await new Promise((resolve) => harness.video.requestVideoFrameCallback(resolve));
  }
}

describe.each(NAMES)('an element shown and hidden by %s', (way) => {
  it('pauses when hidden during a session, and goes on when shown', async () => {
    const { show, hide } = mount(way);
    show();
    const outcome = harness.start();
    await harness.reached('framing');
    await until(() => harness.calls('analyse').length > 0, 'pictures');
    hide();
    await until(() => harness.title === en.paused.title, 'the pause');
    // By then, calls that were on their way have arrived.
    await pictures(3);
    const before = harness.calls('analyse').length;
    harness.report({ phase: 'captured' });
    vi.advanceTimersByTime(DEFAULT_DEADLINES.hidden - 30_000);
    await pictures(5);
    expect(harness.calls('analyse')).toHaveLength(before);
    expect(harness.states).toEqual(['preparing', 'framing']);
    show();
    expect(await outcome).toMatchObject({ digest: 'A'.repeat(64) });
  });

  it('PageHidden: fails when hidden for too long, with the camera off', async () => {
    const { show, hide } = mount(way);
    show();
    const outcome = harness.start();
    await harness.reached('framing');
    hide();
    await until(() => harness.title === en.paused.title, 'the pause');
    vi.advanceTimersByTime(DEFAULT_DEADLINES.hidden);
    expect(await outcome).toMatchObject({ code: 'PageHidden' });
    expect(harness.held()).toEqual([]);
  });

  it('asks for the camera only once it is shown, and has loaded the detector by then', async () => {
    const { show, hide } = mount(way);
    hide();
    Object.assign(harness.element, { authToken: TOKEN, autostart: true });
    await until(isReady, 'the detector');
    vi.advanceTimersByTime(600_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(harness.states).toEqual(['preparing']);
    expect(harness.cameraRequests).toBe(0);
    expect(harness.spoken).toBe('');
    show();
    await harness.reached('framing');
    expect(harness.cameraRequests).toBe(1);
  });
});

it('time in a closed dialog does not count towards the permission deadline of an open prompt', async () => {
  const { show, hide } = mount('a modal dialog');
  const prompt = holdPrompts();
  show();
  void harness.start();
  await until(() => prompt.asked === 1 && isReady(), 'the prompt');
  vi.advanceTimersByTime(DEFAULT_DEADLINES.permission - 10_000);
  hide();
  await until(() => told()?.at(-1) === true, 'the closing');
  vi.advanceTimersByTime(DEFAULT_DEADLINES.hidden - 10_000);
  show();
  await until(() => told()?.at(-1) === false, 'the opening');
  expect(harness.states).toEqual(['preparing']);
  prompt.answer();
  await harness.reached('framing');
});

it('pauses and goes on in a browser without checkVisibility()', async () => {
  const { show, hide } = mount('display: none');
  await harness.element.updateComplete;
  Object.defineProperty(harness.root.querySelector('.base'), 'checkVisibility', { value: undefined });
  await harness.framing();
  hide();
  await until(() => harness.title === en.paused.title, 'the pause');
  show();
  await until(() => harness.title !== en.paused.title, 'its end');
});

it('asks for the camera when shown, even if IntersectionObserver does not fire again', async () => {
  // Fires only once, as the real one does for an off-screen element that is hidden and shown.
  globalThis.IntersectionObserver = class {
    constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
    observe() {
      this.tell([{ isIntersecting: true }]);
    }
    disconnect() {}
  } as never;
  const { show, hide } = mount('display: none');
  hide();
  void harness.start();
  await until(isReady, 'the detector');
  show();
  await harness.reached('framing');
});

it('in a frame, announces what it does once it is known to be in view', async () => {
  mount('display: none', { script: { features: 'never' } });
  void harness.start();
  await until(() => harness.spoken.includes(en.preparing.title), 'words');
});

it('does not pause with display: contents, which shows its content', async () => {
  mount('display: none');
  harness.element.style.display = 'contents';
  await harness.framing();
  await until(() => harness.calls('analyse').length > 3, 'pictures');
  expect(told()).not.toContain(true);
});

it.each(['append', 'moveBefore'])('does not pause when moved within one task by %s()', async (by) => {
  mount('display: none');
  await harness.framing();
  const elsewhere = document.createElement('div');
  around.append(elsewhere);
  const at = told()?.length;
  if (by === 'append') elsewhere.append(harness.element);
  else (elsewhere as unknown as { moveBefore(node: Node, before: null): void }).moveBefore(harness.element, null);
  await pictures(5);
  expect(told()).toHaveLength(at ?? 0);
  expect(harness.states).toEqual(['preparing', 'framing']);
});

it('disconnects IntersectionObserver and ResizeObserver on cancel()', async () => {
  const seen = [Observer, ResizeObserver].map(({ prototype }) => ({
    began: vi.spyOn(prototype, 'observe'),
    ended: vi.spyOn(prototype, 'disconnect'),
  }));
  const counts = () => seen.map(({ began, ended }) => began.mock.calls.length - ended.mock.calls.length);
  mount('display: none');
  await harness.framing();
  expect(counts()).toEqual([1, 1]);
  harness.element.cancel();
  expect(counts()).toEqual([0, 0]);
});
