/** A page with nothing but the element, and an integrator's back end. */
import type { Page } from '@playwright/test';
import type { LivenessResult } from '../../src/result.js';
import type { FaceLiveness } from '../../src/face-liveness.js';
import { BackEnd } from './back-end.js';
import type { RunningServer } from './server.js';

const PATH = '/test/element.html';

/** What `start()` resolved to, or failed with. */
export interface Outcome {
  result?: LivenessResult;
  error?: { code: string; retryable: boolean; status?: number };
}

export class ElementPage extends BackEnd {
  readonly page: Page;
  readonly requested: string[] = [];

  private constructor(page: Page, server: RunningServer) {
    super(server);
    this.page = page;
    page.on('request', (request) => this.requested.push(request.url()));
  }

  /** Opens the page on the service's own origin; `window.held` collects the camera streams it opens. */
  static async open(page: Page, server: RunningServer, attributes = ''): Promise<ElementPage> {
    const opened = new ElementPage(page, server);
    await page.addInitScript(rememberWhatIsHeld);
    await page.route(`**${PATH}`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Face check</title>
          <meta name="viewport" content="width=device-width">
          <body style="margin: 0"><face-liveness ${attributes}></face-liveness>
          <script type="module" src="/face-liveness.js"></script>`,
      }),
    );
    await page.goto(server.url + PATH);
    await page.waitForFunction(() => customElements.get('face-liveness'));
    return opened;
  }

  /** Calls `start(token)` and waits for its outcome. */
  start(token: string): Promise<Outcome> {
    return this.page.evaluate(async (authToken): Promise<Outcome> => {
      const element = document.querySelector<FaceLiveness>('face-liveness');
      if (!element) throw new Error('No element');
      try {
        return { result: await element.start(authToken) };
      } catch (error) {
        const { code, retryable, status } = error as { code: string; retryable: boolean; status?: number };
        return { error: { code, retryable, ...(status === undefined ? {} : { status }) } };
      }
    }, token);
  }

  /** Sets properties of the element. */
  set(properties: Partial<Pick<FaceLiveness, 'deadlines' | 'policy'>>): Promise<void> {
    return this.page.evaluate((given) => {
      Object.assign(document.querySelector('face-liveness') ?? {}, given);
    }, properties);
  }

  /**
   * Calls `start(token)`; resolves when guidance begins, or when the session ends earlier. It listens for the event,
   * because polling could miss a short state.
   */
  async startGuiding(token: string): Promise<{ outcome: Promise<Outcome> }> {
    const guiding = this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          document.addEventListener('liveness-state', ({ state }) => state === 'framing' && resolve());
        }),
    );
    const outcome = this.start(token);
    await Promise.race([guiding, outcome]);
    return { outcome };
  }

  /** What the page holds: the state of each camera track it ever opened, and the number of workers not yet ended. */
  async held(): Promise<{ tracks: string[]; workers: number }> {
    const tracks = await this.page.evaluate(() =>
      window.held.flatMap((stream) => stream.getTracks()).map((t) => t.readyState),
    );
    return { tracks, workers: this.page.workers().length };
  }

  /** URLs requested from any origin other than these. */
  foreignRequests(...origins: string[]): string[] {
    return this.requested.filter((url) => !/^(data|blob):/.test(url) && !origins.includes(new URL(url).origin));
  }
}

declare global {
  interface Window {
    held: MediaStream[];
  }
}

function rememberWhatIsHeld(): void {
  window.held = [];
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.held.push(stream);
    return stream;
  };
}
