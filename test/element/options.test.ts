/** Properties and attributes that a page sets late, again, or not at all. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VERIFY_IMAGE_BYTES } from '../../src/protocol/wire.js';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { tokenOf } from '../unit/token-of.js';
import { connect, disconnect } from './devices.js';
import { allowLeaps, Harness, TOKEN, until, type Options } from './harness.js';
import { hidePage, showPage } from './page-visibility.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  await harness.dispose();
  vi.useRealTimers();
  vi.restoreAllMocks();
  disconnect();
});

const OTHER_TOKEN = tokenOf({ aud: 'https://service.invalid', jti: 'another' });
const CAPTURED = { report: { phase: 'captured' } } as const;

it('treats properties that a framework sets to null as not set', async () => {
  mount({ script: CAPTURED });
  const asked = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
  Object.assign(harness.element, { strings: null, policy: null, deadlines: null, facingMode: null });
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.idle.title);
  await harness.start();
  expect(harness.state).toBe('succeeded');
  expect(asked.mock.calls).toMatchObject([[{ video: { facingMode: { ideal: 'user' } } }]]);
  expect(harness.video.className.trim()).toBe('mirrored');
});

it.each([
  ['preload', 'preload'],
  ['autostart', 'autostart'],
  ['no-light-help', 'noLightHelp'],
  ['speak', 'speak'],
  ['vibrate', 'vibrate'],
  ['record', 'record'],
] as const)('attribute %s is on with any value but "false", which frameworks write', (attribute, property) => {
  mount();
  const values = ['', 'false', 'true', null, attribute].map((value) => {
    if (value === null) harness.element.removeAttribute(attribute);
    else harness.element.setAttribute(attribute, value);
    return harness.element[property];
  });
  expect(values).toEqual([true, false, true, false, true]);
});

it('InvalidToken: start() is called with null', async () => {
  mount();
  await expect(harness.element.start(null as unknown as string)).rejects.toMatchObject({ code: 'InvalidToken' });
});

it('InvalidToken: start() is the listener itself and gets the event', async () => {
  mount();
  const start = harness.element.start as unknown as (event: Event) => Promise<unknown>;
  await expect(start.call(harness.element, new Event('click'))).rejects.toMatchObject({ code: 'InvalidToken' });
});

it('another token after an end can be started, and is started at once with autostart', async () => {
  mount({ script: CAPTURED });
  await harness.start();
  await harness.element.updateComplete;
  expect(harness.buttons).toEqual([]);
  harness.element.authToken = OTHER_TOKEN;
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.idle.title);
  expect(harness.element.matches(':state(idle)')).toBe(true);
  expect(harness.buttons).toEqual([en.start]);
  const succeeded = (times: number) =>
    until(() => harness.states.filter((state) => state === 'succeeded').length === times, `success ${times}`);
  harness.element.autostart = true;
  await succeeded(2);
  harness.element.authToken = TOKEN;
  await succeeded(3);
  expect(harness.states.slice(-5)).toEqual(['idle', 'preparing', 'framing', 'submitting', 'succeeded']);
});

describe.each([true, false])('another token during a run, autostart %s', (autostart) => {
  const bound = async () => {
    mount({ attempt: { ...attemptOf(), attemptsRemaining: 0 }, properties: { autostart } });
    void harness.start();
    await harness.reached('framing');
    harness.element.authToken = OTHER_TOKEN;
    await harness.element.updateComplete;
  };
  const later = () => new Promise((resolve) => setTimeout(resolve, 100));

  it.each([
    ['retryable', 'FaceTrackingFailed', en.failed.noFace.title],
    ['not retryable', 'TokenExpired', en.failed.session.title],
  ] as const)(
    'leaves a failure that is %s on screen, and its button starts the other session',
    async (_, code, title) => {
      await bound();
      harness.direct({ analyse: { ok: false, failure: { code, message: 'why' } } });
      await harness.reached('failed');
      await later();
      expect(harness.states).toEqual(['preparing', 'framing', 'failed']);
      expect([harness.title, ...harness.buttons]).toEqual([title, en.tryAgain]);
      harness.direct({ analyse: undefined });
      harness.button(en.tryAgain).click();
      await until(() => harness.states.at(-1) === 'framing', 'the other session');
      expect(harness.element.authToken).toBe(OTHER_TOKEN);
    },
  );

  it('leaves a canceled run on screen, offers another try and asks for no camera', async () => {
    await bound();
    harness.button(en.cancel).click();
    await later();
    expect(harness.states).toEqual(['preparing', 'framing', 'canceled']);
    expect([harness.title, ...harness.buttons]).toEqual([en.failed.canceled.title, en.tryAgain]);
    expect(harness.cameraRequests).toBe(1);
  });

  it('asks for no camera while the element is outside of the document', async () => {
    await bound();
    const { element } = harness;
    element.remove();
    await later();
    element.authToken = tokenOf({ aud: 'https://service.invalid', jti: 'a third' });
    await later();
    expect(harness.cameraRequests).toBe(1);
    document.body.append(element);
    if (autostart) await until(() => harness.states.at(-1) === 'framing', 'what was asked for, once it is back');
    else expect(harness.buttons).toEqual([en.start]);
  });
});

it('a token set in the same task as cancel(), but after it, makes the element idle again', async () => {
  mount();
  await harness.framing();
  harness.element.cancel();
  harness.element.authToken = OTHER_TOKEN;
  await harness.element.updateComplete;
  expect([harness.title, ...harness.buttons]).toEqual([en.idle.title, en.start]);
});

it('another token during a run that succeeds leaves the success on screen', async () => {
  mount();
  const done = harness.start();
  await harness.reached('framing');
  harness.element.authToken = OTHER_TOKEN;
  harness.report({ phase: 'captured' });
  await done;
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.succeeded.title);
});

it('autostart does not try a refused token again', async () => {
  mount({ properties: { autostart: true, authToken: 'no token' } });
  await harness.reached('failed');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(harness.states).toEqual(['failed']);
});

describe('AttemptExpired: the service’s time for the attempt runs out', () => {
  const short = { ...attemptOf(), limits: { ...attemptOf().limits, seconds: 0.4 } };

  it.each(['framing', 'prompting', 'turning'] as const)('during %s', async (phase) => {
    mount({ attempt: short, script: { report: { phase, promptReason: 'required' } } });
    expect(await harness.start()).toMatchObject({ code: 'AttemptExpired' });
    await harness.element.updateComplete;
    expect([harness.title, harness.text]).toEqual([en.failed.late.title, en.failed.late.text]);
  });

  it('while the page is hidden', async () => {
    mount({ attempt: short });
    const outcome = harness.start();
    await harness.reached('framing');
    hidePage();
    try {
      expect(await outcome).toMatchObject({ code: 'AttemptExpired' });
    } finally {
      showPage();
    }
  });

  it('TokenExpired instead, if the token expires at about the same time', async () => {
    mount({ attempt: short });
    const exp = Date.now() / 1_000 + 1;
    expect(await harness.start(tokenOf({ aud: 'https://service.invalid', exp }))).toMatchObject({
      code: 'TokenExpired',
    });
    await harness.element.updateComplete;
    expect(harness.title).toBe(en.failed.session.title);
  });

  it('does not cut off an upload', async () => {
    allowLeaps();
    mount({
      attempt: { ...short, limits: { ...short.limits, seconds: 20 } },
      script: { submit: 'never', ...CAPTURED },
      properties: { deadlines: { submit: 30_000 } },
    });
    const outcome = harness.start();
    await until(() => harness.calls('submit').length > 0, 'the upload');
    vi.advanceTimersByTime(60_000);
    expect(await outcome).toMatchObject({ code: 'WorkerTimedOut' });
  });
});

const { min, max } = VERIFY_IMAGE_BYTES;
const [JPEG, PNG, WEBP, BMP] = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBP', 'BM'] as const;

function picture(bytes: number = min, head: string = JPEG): Blob {
  return new Blob([Uint8Array.from(head.padEnd(bytes, '\0'), (letter) => letter.charCodeAt(0))]);
}

/** @param brought whether the page has to provide the picture; undefined leaves out that claim, which is optional */
function tokenWithVerify(brought?: boolean): string {
  const claim = brought === undefined ? {} : { verifyImageSetInClient: brought };
  return tokenOf({ aud: 'https://service.invalid', verify: true, ...claim });
}

it.each([
  ['VerifyImageNotProvided', true, null],
  ['VerifyImageNotAllowed', false, picture()],
  ['InvalidImageSize', true, picture(min - 1)],
  ['InvalidImageSize', undefined, picture(max + 1)],
  ['InvalidImage', true, picture(min, 'GIF89a')],
])(
  'UnexpectedClientError, %s: starts no attempt and no camera, with verifyImageSetInClient %s',
  async (serviceCode, brought, verifyImage) => {
    mount({ script: CAPTURED, properties: { verifyImage } });
    expect(await harness.start(tokenWithVerify(brought))).toMatchObject({
      code: 'UnexpectedClientError',
      serviceCode,
      retryable: false,
    });
    expect(harness.requests).toEqual([]);
    expect(harness.cameraRequests).toBe(0);
  },
);

it.each([
  ['no picture, if the back end has set it', false, null],
  ['no picture, if the token does not say who sets it', undefined, null],
  ['the smallest picture', true, picture(min, PNG)],
  ['the biggest picture', true, picture(max, WEBP)],
  ['a picture, if the token does not say who sets it', undefined, picture(min, BMP)],
])('a session with verify succeeds with %s', async (_, brought, verifyImage) => {
  mount({ script: CAPTURED, properties: { verifyImage } });
  await harness.start(tokenWithVerify(brought));
  expect(harness.state).toBe('succeeded');
});

it.each([
  ['cannot be read', () => Promise.reject(new Error('gone'))],
  ['never comes', () => new Promise<never>(() => undefined)],
])('VerifyImageNotReadable: a verify image that %s starts no attempt and no camera', async (_, arrayBuffer) => {
  const verifyImage = Object.assign(picture(), { arrayBuffer });
  mount({ properties: { verifyImage, deadlines: { sessionStart: 300 } } });
  expect(await harness.start()).toMatchObject({ code: 'VerifyImageNotReadable', retryable: true });
  expect(harness.requests).toEqual([]);
  expect(harness.cameraRequests).toBe(0);
});

it('starts no attempt while the detector is loading', async () => {
  mount({ script: { load: 'never' } });
  void harness.start();
  await harness.reached('preparing');
  await until(() => harness.video.videoWidth > 0, 'the camera');
  await new Promise((resolve) => setTimeout(resolve, 100));
  harness.element.cancel();
  expect(harness.requests).toEqual([]);
});

it('a recording contains nothing of the previous run, whose calls end late', async () => {
  mount({ script: { load: 'never' }, properties: { record: true } });
  void harness.start();
  await until(() => harness.calls('load').length === 1, 'the first');
  harness.element.cancel();
  void harness.start();
  await until(() => harness.calls('load').length === 2, 'the second');
  const runs = harness.element.recording?.entries.map((entry) => entry.type === 'event' && entry.event.run);
  expect(new Set(runs).size).toBe(1);
});

it('a recording holds neither the token nor name or id of a camera, and is the same through JSON', async () => {
  const cameras = { 'id-of-one': { label: 'Name of one' }, 'id-of-other': { label: 'Name of other' } };
  connect(cameras);
  mount({ properties: { record: true } });
  const outcome = harness.start();
  await harness.reached('framing');
  harness.element.cameraId = 'id-of-other';
  await until(() => harness.calls('begin').length === 2, 'guidance with the other camera');
  harness.report({ phase: 'captured' });
  expect(await outcome).toHaveProperty('digest');
  const { recording } = harness.element;
  const text = JSON.stringify(recording);
  const secrets = [...TOKEN.split('.'), ...Object.entries(cameras).flatMap(([id, { label }]) => [id, label])];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(JSON.parse(text)).toStrictEqual(recording);
  const held = recording?.entries.map((entry) => (entry.type === 'event' ? entry.event.type : entry.type));
  expect(held).toEqual(expect.arrayContaining(['cameraChosen', 'attemptStarted', 'frame', 'received']));
});

it('the clock of a recording stands still while the page is hidden, and never goes back', async () => {
  const HOUR_MS = 3_600_000;
  let passed = 0;
  // Each clock that the page reads is ahead by `passed`.
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
  vi.spyOn(HTMLVideoElement.prototype, 'requestVideoFrameCallback').mockImplementation(function (
    this: HTMLVideoElement,
    look,
  ) {
    return requestVideoFrameCallback.call(this, (time, picture) => look(time + passed, picture));
  });
  mount({ properties: { record: true } });
  await harness.framing();
  await until(() => harness.calls('analyse').length > 0, 'pictures before');
  hidePage();
  passed = HOUR_MS;
  showPage();
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 2, 'pictures afterwards');
  const heard = (harness.element.recording?.entries ?? []).map((entry) =>
    entry.type === 'event' ? entry.time : entry.analysis.time + entry.latency,
  );
  expect(heard).toEqual([...heard].sort((one, other) => one - other));
  const taken = harness.calls('analyse').map(({ given }) => (given as { time: number }).time);
  for (const times of [heard, taken]) expect(Math.max(...times) - Math.min(...times)).toBeLessThan(HOUR_MS);
});
