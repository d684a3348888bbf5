/** A page with nothing but the element, and the back end beside it. */
import type { Page } from '@playwright/test';
import type { LivenessResult } from '../../src/result.js';
import type { FaceLiveness } from '../../src/face-liveness.js';
import { BackEnd } from './back-end.js';
import type { RunningServer } from './server.js';

const PATH = '/test/element.html';

/** What `start()` came to. */
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

  /** Opens the page on the service's own origin. What holds a camera or a worker is remembered in `window.held`. */
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

  /** Calls `start(token)` and waits for what comes of it. */
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
   * Calls `start(token)`; resolves when guidance begins, or it ended before. Told by the event, because a state can be over
   * before anyone looks again.
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

  /** Everything the page still holds: states of its tracks, and workers that were not ended. */
  async held(): Promise<{ tracks: string[]; workers: number }> {
    const tracks = await this.page.evaluate(() =>
      window.held.flatMap((stream) => stream.getTracks()).map((t) => t.readyState),
    );
    return { tracks, workers: this.page.workers().length };
  }

  /** Requests to any other origin than those given. */
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
