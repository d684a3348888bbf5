/// <reference types="vite/client" />
/** One `<face-liveness>` in the page, with Chromium's fake camera, a fake worker and a fake session service. */
import { vi } from 'vitest';
import '../../src/define.js';
import type { FaceLiveness } from '../../src/face-liveness.js';
import type { LivenessEventMap } from '../../src/events.js';
import type { Guidance, GuidanceCode } from '../../src/protocol/guidance.js';
import { HEADERS, type SessionStartResponse } from '../../src/protocol/wire.js';
import type { FrameReport } from '../../src/protocol/worker-api.js';
import { attemptOf } from '../unit/samples.js';
import { tokenOf } from '../unit/token-of.js';
import fakeWorker from './fake.worker.ts?worker&url';
import type { Heard, Script } from './fake.worker.js';

/** A host that does not exist: requests to it reach the fake service below, or fail. */
const SERVICE = 'https://service.invalid';

export const TOKEN = tokenOf({ aud: SERVICE });

/** The part of a worker's report that has the guidance. */
export const hint = (code: GuidanceCode, escalation: Guidance['escalation'] = 0) => ({
  guidance: { code, escalation },
});

/** Long enough for a slow machine: only a test that fails waits this long. */
const PATIENCE_MS = 30_000;

/**
 * Until `vi.useRealTimers()`, the window's timers fire in real time, or at once if a test leaps over that time with
 * `vi.advanceTimersByTime()`. So no deadline has to be so short that a slow machine misses it.
 */
export function allowLeaps(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
}

export const EVENTS: (keyof LivenessEventMap)[] = [
  'liveness-state',
  'liveness-guidance',
  'liveness-progress',
  'liveness-complete',
  'liveness-error',
  'liveness-cancel',
];

export interface Options {
  script?: Script;
  /** The answer to `session/start`: a number refuses with that status, null never answers. */
  attempt?: SessionStartResponse | number | null;
  /** Set before the element is connected. */
  properties?: Partial<FaceLiveness>;
}

export class Harness {
  readonly element: FaceLiveness;
  /** Every event of the element, in order. */
  readonly events: LivenessEventMap[keyof LivenessEventMap][] = [];
  /** Every track that getUserMedia() has returned. */
  readonly tracks: MediaStreamTrack[] = [];
  /** The workers that were not terminated yet. */
  readonly workers = new Set<Worker>();
  /** Number of getUserMedia() calls. */
  cameraRequests = 0;
  /** Every call that a worker received. */
  readonly heard: Heard[] = [];
  /** Every request to the service. */
  readonly requests: { path: string; id: string | null; body: unknown }[] = [];
  readonly #channel = new BroadcastChannel(crypto.randomUUID());
  readonly #undo: (() => void)[] = [];
  #script: Script;

  constructor({ script = {}, attempt = attemptOf(), properties = {} }: Options = {}) {
    this.#script = script;
    this.#channel.onmessage = ({ data }: MessageEvent<Heard>) => this.heard.push(data);
    this.#serve(attempt);
    this.#watchCamera();
    this.#watchWorkers();
    this.element = document.createElement('face-liveness');
    this.#address();
    Object.assign(this.element, properties);
    for (const type of EVENTS) this.element.addEventListener(type, (event) => this.events.push(event));
    document.body.append(this.element);
  }

  /** Names of the states that the element went through, in order. */
  get states(): string[] {
    return this.events.flatMap((event) => (event.type === 'liveness-state' && 'state' in event ? [event.state] : []));
  }

  get state(): string {
    return this.states.at(-1) ?? 'idle';
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot as ShadowRoot;
  }

  get title(): string {
    return this.root.querySelector('h2')?.textContent?.trim() ?? '';
  }

  get text(): string {
    return this.root.querySelector('p')?.textContent?.trim() ?? '';
  }

  get buttons(): string[] {
    return this.#buttons.map((button) => button.textContent?.trim() ?? '');
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.root.querySelectorAll<HTMLButtonElement>('.actions button')];
  }

  /** Text of the live region. */
  get spoken(): string {
    return this.root.querySelector('[role=status]')?.textContent?.trim() ?? '';
  }

  get video(): HTMLVideoElement {
    return this.root.querySelector('video') as HTMLVideoElement;
  }

  button(name: string): HTMLButtonElement {
    const found = this.#buttons.find((button) => button.textContent?.trim() === name);
    if (!found) throw new Error(`No button "${name}" among ${this.buttons.join(', ') || 'none'}`);
    return found;
  }

  /** Starts a session. Resolves with its result or its error: an unhandled rejection would fail the test. */
  start(token = TOKEN): Promise<unknown> {
    return this.element.start(token).catch((error: unknown) => error);
  }

  calls(call: Heard['call']): Heard[] {
    return this.heard.filter((one) => one.call === call);
  }

  /** Changes the script of the running worker and of the next ones. */
  direct(script: Script): void {
    this.#script = { ...this.#script, ...script };
    this.#channel.postMessage(this.#script);
    this.#address();
  }

  report(report: Partial<FrameReport>): void {
    this.direct({ report });
  }

  /** Resolves once the element has reached that state and has rendered. */
  async reached(state: string): Promise<void> {
    await until(() => this.states.includes(state), `state ${state}, not ${this.states.join(', ')}`);
    await this.element.updateComplete;
  }

  /** Starts a session and waits until it is in `framing`. */
  async framing(): Promise<void> {
    void this.start();
    await this.reached('framing');
  }

  /** Makes the browser list cameras with these labels, and waits until the element offers them. */
  async plugIn(...labels: string[]): Promise<void> {
    const devices = navigator.mediaDevices;
    const cameras = labels.map((label, index) => ({ kind: 'videoinput', deviceId: String(index), groupId: '', label }));
    devices.enumerateDevices = () => Promise.resolve(cameras as never);
    // Without its own property, the object has the prototype's method again.
    this.#undo.push(() => delete (devices as Partial<MediaDevices>).enumerateDevices);
    devices.dispatchEvent(new Event('devicechange'));
    await until(() => this.root.querySelectorAll('option').length === labels.length, 'the choice of cameras');
  }

  /** Names what was not released: live tracks, the stream in the video, workers. */
  held(): string[] {
    const held = this.tracks.filter(({ readyState }) => readyState !== 'ended').map(({ label }) => label);
    if (this.video.srcObject) held.push('stream in the video');
    return [...held, ...[...this.workers].map(() => 'worker')];
  }

  async dispose(): Promise<void> {
    this.element.remove();
    await Promise.resolve();
    for (const undo of this.#undo) undo();
    this.#channel.close();
  }

  #address(): void {
    const instructions = new URLSearchParams({ channel: this.#channel.name, script: JSON.stringify(this.#script) });
    this.element.workerUrl = `${fakeWorker}#${instructions}`;
  }

  /** Fakes the session service for the requests that the window itself makes. `test/e2e/` uses the real service. */
  #serve(attempt: Options['attempt']): void {
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input, location.href);
      if (url.origin !== SERVICE) return real(input, init);
      const path = url.pathname.replace(/^\/face\/[^/]+/, '');
      const id = new Headers(init?.headers).get(HEADERS.clientRequestId);
      this.requests.push({ path, id, body: JSON.parse(String(init?.body)) as unknown });
      if (path !== '/session/start') return new Response(null, { status: 204 });
      if (typeof attempt === 'number') return new Response('{}', { status: attempt });
      if (attempt) return Response.json(attempt);
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    };
    this.#undo.push(() => (globalThis.fetch = real));
  }

  /** Passes getUserMedia() on to the browser and records every track that it returns. */
  #watchCamera(): void {
    const devices = navigator.mediaDevices;
    const real = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      this.cameraRequests++;
      const stream = await real(constraints);
      this.tracks.push(...stream.getTracks());
      return stream;
    };
    this.#undo.push(() => (devices.getUserMedia = real));
  }

  #watchWorkers(): void {
    const { workers } = this;
    const real = globalThis.Worker;
    globalThis.Worker = class extends real {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        workers.add(this);
      }
      override terminate(): void {
        super.terminate();
        workers.delete(this);
      }
    };
    this.#undo.push(() => (globalThis.Worker = real));
  }
}

/** @throws Error that names `what`, if the condition is not met in time */
export async function until(condition: () => boolean, what: string, milliseconds = PATIENCE_MS): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited ${milliseconds} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
