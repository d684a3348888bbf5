/**
 * Mounts 200 elements, starts sessions in most of them, and removes them at different points, in a real browser with the
 * real worker, model and service. They must leave nothing behind.
 */
import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { actorScript } from '../fixtures/actor.js';
import { ElementPage } from './element-page.js';
import { type RunningServer, startServer } from './server.js';

/** When ten elements are removed: never started, just started, while the model loads, or while the camera is open. */
const LEAVES = [
  ...Array<'mounted'>(2).fill('mounted'),
  ...Array<'started'>(4).fill('started'),
  ...Array<'loading'>(3).fill('loading'),
  'guiding' as const,
];
type Leave = (typeof LEAVES)[number];

const TENS = 20;
/** After these, everything that the page compiles or caches only once is there. */
const TENS_TO_WARM_UP = 2;

test.setTimeout(360_000);

let server: RunningServer;
test.beforeAll(async () => (server = await startServer()));
test.afterAll(() => server.stop());

test(`mounting, starting and removing ${TENS * LEAVES.length} elements leaves nothing behind`, async ({ page }) => {
  await page.addInitScript({ content: await actorScript({ everyNth: 2 }) });
  await page.addInitScript(countWhatIsOpen);
  const element = await ElementPage.open(page, server);
  await page.evaluate(() => document.querySelector('face-liveness')?.remove());
  const cdp = await page.context().newCDPSession(page);
  const comeAndGo = async (tens: number) => {
    for (let ten = 0; ten < tens; ten++) {
      for (const leave of LEAVES) await come(page, (await element.createSession()).authToken, leave);
    }
  };

  await comeAndGo(TENS_TO_WARM_UP);
  const before = await measure(page, cdp);
  await comeAndGo(TENS);
  expect(before.opened.workers, 'it is counted').toBeGreaterThan(0);
  expect(before.opened.tracks, 'it is counted').toBeGreaterThan(0);
  await expect(async () => {
    const after = await measure(page, cdp);
    expect(after.opened.workers - before.opened.workers).toBeGreaterThanOrEqual(8 * TENS);
    expect(after.open).toEqual({ workers: 0, tracks: 0, urls: 0 });
    expect(page.workers()).toEqual([]);
    expect(after.listeners).toBeLessThanOrEqual(before.listeners);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes);
    expect(after.heap / before.heap).toBeLessThan(1.05);
  }, 'as soon as what is collected is gone').toPass({ timeout: 30_000 });
});

/** Adds an element to the page, and removes it as soon as it has reached this point. */
async function come(page: Page, authToken: string, leave: Leave): Promise<void> {
  await page.evaluate(
    async ([token, until]) => {
      const element = document.createElement('face-liveness');
      const loading = new Promise<void>((resolve) => {
        element.addEventListener('liveness-progress', ({ phase, progress }) => {
          if (phase === 'loading' && progress > 0) resolve();
        });
      });
      const guiding = new Promise<void>((resolve) => element.addEventListener('liveness-guidance', () => resolve()));
      document.body.append(element);
      await element.updateComplete;
      if (until === 'mounted') return element.remove();
      const outcome = element.start(token).catch((error: unknown) => (error as { code: string }).code);
      if (until !== 'started') await Promise.race([until === 'loading' ? loading : guiding, outcome]);
      element.remove();
      const ended = await outcome;
      if (ended !== 'UserCanceledSession') throw new Error(`It ended with ${JSON.stringify(ended)}`);
    },
    [authToken, leave] as const,
  );
}

interface Open {
  tracks: number;
  workers: number;
  urls: number;
}

interface Measured {
  /** Now. */
  open: Open;
  /** Since the page loaded. */
  opened: Open;
  listeners: number;
  nodes: number;
  /** Bytes. */
  heap: number;
}

async function measure(page: Page, cdp: CDPSession): Promise<Measured> {
  await expect.poll(() => page.workers().length).toBe(0);
  await cdp.send('Performance.enable');
  // Collected several times: an object may be freed only after another that refers to it.
  for (let times = 0; times < 4; times++) {
    await cdp.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(250);
  }
  const { metrics } = await cdp.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return {
    ...(await page.evaluate(() => window.whatIsOpen())),
    listeners: value('JSEventListeners'),
    nodes: value('Nodes'),
    heap: value('JSHeapUsedSize'),
  };
}

declare global {
  interface Window {
    whatIsOpen: () => Pick<Measured, 'open' | 'opened'>;
  }
}

/** Runs in the page. Counts workers, tracks and object URLs; the browser's own metrics count listeners and nodes. */
function countWhatIsOpen(): void {
  const [opened, closed] = [
    { workers: 0, urls: 0 },
    { workers: 0, urls: 0 },
  ];
  window.Worker = class extends Worker {
    constructor(...parameters: ConstructorParameters<typeof Worker>) {
      super(...parameters);
      opened.workers++;
    }
    override terminate(): void {
      closed.workers++;
      super.terminate();
    }
  };
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (object) => {
    opened.urls++;
    return createObjectURL(object as Blob);
  };
  URL.revokeObjectURL = (url) => {
    closed.urls++;
    revokeObjectURL(url);
  };
  window.whatIsOpen = () => {
    const { tracks } = window.actor;
    const live = tracks.filter(({ readyState }) => readyState === 'live').length;
    const { workers, urls } = opened;
    return {
      open: { workers: workers - closed.workers, urls: urls - closed.urls, tracks: live },
      opened: { ...opened, tracks: tracks.length },
    };
  };
}
