/** Everything a person can see: how the fake worker brings it about, and the title that the person reads. */
import { LIVENESS_ERRORS, type LivenessErrorCode } from '../../src/protocol/errors.js';
import { CORRECTIONS, type GuidanceCode } from '../../src/protocol/guidance.js';
import { ACTIVE_MOTIONS } from '../../src/protocol/wire.js';
import type { StateName } from '../../src/session/state.js';
import { en } from '../../src/strings/en.js';
import type { Script } from '../element/fake.worker.js';

export interface Scene {
  /** The picture's file name, without its extension. */
  name: string;
  state: StateName;
  script: Script;
  title: string;
  /** True: the person agrees to head turns before `script` applies. */
  agrees?: boolean;
  /** A circumstance outside the element. */
  around?: 'noToken' | 'offline' | 'hidden' | 'severalCameras';
  /** The state in which the person cancels. */
  canceledIn?: StateName;
}

/** Checks at run time that the text exists: the scripts that import this file run without type checks. */
function inEnglish(key: string, text: string | undefined): string {
  if (text === undefined) throw new Error(`src/strings/en.ts lacks ${key}: docs/words.md says how words are added.`);
  return text;
}
const guidanceTitle = (code: GuidanceCode) => inEnglish(`guidance.${code}`, en.guidance[code]);

const said = (code: GuidanceCode, escalation: 0 | 1 | 2 = 0) => ({ guidance: { code, escalation } });

const preparing = (name: string, share: number): Scene => ({
  name,
  state: 'preparing',
  script: { load: 'never', share },
  title: en.preparing.title,
});

const framing = (code: GuidanceCode, over: Partial<Scene> = {}): Scene => ({
  name: `framing-${code}`,
  state: 'framing',
  script: { report: said(code) },
  title: guidanceTitle(code),
  ...over,
});

const closer = (escalation: 1 | 2, name: string): Scene =>
  framing('moveCloser', {
    name,
    script: { report: said('moveCloser', escalation) },
    title: en.escalated.moveCloser ?? '',
  });

const prompting = (promptReason: 'tooDark' | 'tooBright' | 'required'): Scene => ({
  name: `prompting-${promptReason}`,
  state: 'prompting',
  script: { report: { phase: 'prompting', promptReason } },
  title: en.prompt.title,
});

/** A scene after the person has agreed to head turns. */
const turning = (code: GuidanceCode): Scene => {
  const direction = ACTIVE_MOTIONS.find((motion) => motion === code) ?? 'lookLeft';
  const turn = { direction, share: code === direction ? 0.4 : -0.2, index: 0, count: 2 };
  const asks = code === direction || code === 'wrongWay';
  return {
    name: `activeMotion-${code}`,
    state: 'activeMotion',
    agrees: true,
    script: { report: { phase: 'turning', progress: 0.45, turn: asks ? turn : null, ...said(code) } },
    title: guidanceTitle(code),
  };
};

const failed = (code: LivenessErrorCode): Scene => {
  const { told } = LIVENESS_ERRORS[code];
  return {
    name: `failed-${code}`,
    state: 'failed',
    // `begin` is a call that the element does not retry.
    script: { begin: { ok: false, failure: { code, message: 'as told' } } },
    title: inEnglish(`failed.${told}`, en.failed[told]?.title),
  };
};

const captured = { report: { phase: 'captured' } } satisfies Script;
const unreachable = { ok: false, failure: { code: 'ServiceUnreachable', message: 'as told' } } as const;
const lost = { title: en.offline.title, around: 'offline' } as const;
const submitting = (name: string, share: number): Scene => ({
  name,
  state: 'submitting',
  script: { ...captured, submit: 'never', share },
  title: en.submitting.title,
});
const canceled = (scene: Scene, name: string): Scene => ({
  ...scene,
  name,
  state: 'canceled',
  canceledIn: scene.state,
  title: en.failed.canceled.title,
});

/** The codes whose state is `canceled`; for all others it is `failed`. */
const CANCELED: readonly string[] = ['UserCanceledSession', 'UserCanceledActiveMotion'] satisfies LivenessErrorCode[];

export const SCENES: Scene[] = [
  { name: 'idle', state: 'idle', script: {}, title: en.idle.title },
  { name: 'idle-without-token', state: 'idle', script: {}, title: en.idle.title, around: 'noToken' },
  preparing('preparing', 0),
  preparing('preparing-loading', 0.4),
  { name: 'preparing-offline', state: 'preparing', script: { load: unreachable }, ...lost },
  ...CORRECTIONS.map((code) => framing(code)),
  framing('cameraStalled'),
  framing('rotateBack'),
  closer(1, 'framing-escalated'),
  closer(2, 'framing-help'),
  framing('moveCloser', { name: 'framing-cameras', around: 'severalCameras' }),
  framing('moveCloser', { name: 'framing-paused', title: en.paused.title, around: 'hidden' }),
  {
    name: 'capturing',
    state: 'capturing',
    script: { report: { phase: 'holding', progress: 0.6, ...said('holding') } },
    title: en.guidance.holding,
  },
  prompting('tooDark'),
  prompting('tooBright'),
  prompting('required'),
  ...ACTIVE_MOTIONS.map((code) => turning(code)),
  turning('relaxMouth'),
  turning('returnToCentre'),
  turning('wrongWay'),
  submitting('submitting', 0.5),
  submitting('submitting-sent', 1),
  { name: 'submitting-offline', state: 'submitting', script: { ...captured, submit: unreachable }, ...lost },
  { name: 'succeeded', state: 'succeeded', script: captured, title: en.succeeded.title },
  canceled(framing('moveCloser'), 'canceled-UserCanceledSession'),
  canceled(turning('lookLeft'), 'canceled-UserCanceledActiveMotion'),
  ...(Object.keys(LIVENESS_ERRORS) as LivenessErrorCode[]).filter((code) => !CANCELED.includes(code)).map(failed),
];

/** Whether the element turns white to light the face, which it does a second after the worker reports darkness. */
export function isLit({ script: { report } }: Scene): boolean {
  return report?.guidance?.code === 'tooDark' || report?.promptReason === 'tooDark';
}

/** A phone held upright, and a desktop window. */
export const VIEWPORTS = {
  phone: { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { width: 1280, height: 800, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
} as const;
export type ViewportName = keyof typeof VIEWPORTS;
