/**
 * Sessions through all real parts: the built element in a browser with an actor in the camera's place, and the built
 * service with its default judge. Each run is a new session in a random setting.
 */
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { buildChanged, SERVED } from '../../../scripts/build.js';
import { findBrowser } from '../../../scripts/browser.js';
import { DEFAULT_DEADLINES } from '../../../src/deadlines.js';
import type { LivenessDecision } from '../../../src/protocol/wire.js';
import { within } from '../../../src/wait.js';
import { ElementPage } from '../../e2e/element-page.js';
import { startServer, type RunningServer } from '../../e2e/server.js';
import { actorScript } from '../../fixtures/actor.js';
import type { ActorOptions, Scene } from '../../fixtures/page/actor.js';
import { Random } from './random.js';

export interface SystemOutcome {
  /** Null if nothing was submitted. */
  decision: LivenessDecision | null;
  /** Why the decision is not `realface`, or the element's error code. */
  reason: string;
  evidence: Record<string, unknown> | null;
}

/** The sum of all the element's deadlines: the element should end before that, otherwise something hangs. */
const RUN_DEADLINE_MS = Object.values(DEFAULT_DEADLINES).reduce((sum, next) => sum + next, 0);

export class System {
  readonly #server: RunningServer;
  readonly #browser: Browser;

  private constructor(server: RunningServer, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  static async start(smile: boolean): Promise<System> {
    await buildChanged(SERVED);
    const server = await startServer({
      environment: { LIVENESS_JUDGE: 'default', LIVENESS_SMILE: smile ? 'on' : 'off' },
    });
    const executablePath = await findBrowser();
    return new System(server, await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  }

  async run(seed: number, behaviour: ActorOptions['behaviour'] = 'honest'): Promise<SystemOutcome> {
    const random = new Random(seed);
    const context = await this.#browser.newContext();
    try {
      return await this.#attempt(context, random, behaviour);
    } finally {
      await context.close();
    }
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }

  async #attempt(
    context: BrowserContext,
    random: Random,
    behaviour: ActorOptions['behaviour'],
  ): Promise<SystemOutcome> {
    // Varies the scene as far as guidance allows: the same recording seen twice from one place would be detected as a
    // replay.
    const scene: Partial<Scene> = {
      brightness: random.between(0.9, 1.08),
      zoom: random.between(1, 1.12),
      x: random.between(-0.05, 0.05),
      y: random.between(-0.04, 0.04),
    };
    const page = await context.newPage();
    page.setDefaultTimeout(RUN_DEADLINE_MS);
    const photoAngle = random.between(20, 45);
    await page.addInitScript({ content: await actorScript({ behaviour, scene, photoAngle }) });
    await page.addInitScript(sway, { amplitude: random.between(0.004, 0.01), phase: random.between(0, 6) });
    const element = await ElementPage.open(page, this.#server);
    const { sessionId, authToken } = await element.createSession({ livenessOperationMode: 'PassiveActive' });
    const outcome = within(RUN_DEADLINE_MS, element.start(authToken));
    const agreed = page.getByRole('button', { name: 'Continue' }).click();
    // The session may end before the button appears.
    const { error } = await Promise.race([outcome, agreed.then(() => outcome)]);
    if (error) return { decision: null, reason: error.code, evidence: null };
    const body = (await element.session(sessionId)).result?.response.body ?? {};
    return {
      decision: body.livenessDecision as LivenessDecision,
      reason: typeof body.reason === 'string' ? body.reason : '',
      evidence: (body.evidence ?? null) as Record<string, unknown> | null,
    };
  }
}

/** Runs in the page: moves the scene, because nobody keeps perfectly still. @param amplitude share of the picture */
function sway({ amplitude, phase }: { amplitude: number; phase: number }): void {
  const start = performance.now();
  let last = { x: 0, y: 0 };
  setInterval(() => {
    if (!('actor' in window)) return;
    const angle = (performance.now() - start) / 370 + phase;
    const next = { x: amplitude * Math.sin(angle), y: amplitude * Math.cos(1.7 * angle) };
    window.actor.scene.x += next.x - last.x;
    window.actor.scene.y += next.y - last.y;
    last = next;
  }, 40);
}
