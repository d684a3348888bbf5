/**
 * An onboarding page as an integrator would write it: it asks its own back end for a session, gives the token to the
 * element, reports the element's result to the back end, and shows the back end's verdict.
 */
import type { FaceLiveness, LivenessResult } from '../../src/index.js';
import type { LivenessOperationMode } from '../../src/protocol/wire.js';
import type { SessionRequest } from '../common/contract.js';
import { find } from '../common/dom.js';
import { insertActor } from './actor.js';
import { createSession, reportResult } from './back-end.js';
import {
  askForSafeAddress,
  offerClipFirst,
  showElementProblem,
  showOutcome,
  showPageProblem,
  showView,
} from './views.js';

const element = find('liveness', HTMLElement) as FaceLiveness;
const clipLabel = find('clip-label', HTMLElement);
let takeClipOut: (() => void) | undefined;

// The demo serves the session service next to its pages, whatever host name or path the visitor used.
element.endpoint = new URL('.', location.href).href;

/** Begins a new session with the camera, or with the recorded clip in its place. */
async function begin(recorded: boolean): Promise<void> {
  leave();
  clipLabel.hidden = !recorded;
  // Until the new session exists, the element's buttons still belong to the previous one.
  element.inert = true;
  showView('session');
  try {
    if (recorded) takeClipOut = await insertActor(element);
    const { token } = await createSession(chosenOptions());
    element.inert = false;
    // Ignores the promise: events tell how a session ends, also if the person tries again with the element's button.
    element.start(token).catch(() => undefined);
  } catch (error) {
    showPageProblem(error);
  }
}

/** The page never decides: it passes the result on and shows what its back end says. */
async function complete(result: LivenessResult): Promise<void> {
  showView('checking');
  const { sessionId, attemptId, resultId, clientRequestId, digest, livenessDecision } = result;
  try {
    const outcome = await reportResult({ sessionId, attemptId, resultId, clientRequestId, digest });
    showOutcome(outcome, { recorded: !clipLabel.hidden, shownToPage: livenessDecision });
  } catch (error) {
    showPageProblem(error);
  }
}

function leave(): void {
  element.cancel();
  takeClipOut?.();
  takeClipOut = undefined;
}

function chosenOptions(): SessionRequest {
  const mode = document.querySelector<HTMLInputElement>('input[name="mode"]:checked')?.value;
  return {
    livenessOperationMode: mode as LivenessOperationMode,
    sendResultsToClient: find('send-results', HTMLInputElement).checked,
    enableSessionImage: find('keep-images', HTMLInputElement).checked,
  };
}

element.addEventListener('liveness-complete', ({ result }) => void complete(result));
element.addEventListener('liveness-error', ({ error }) => void showElementProblem(element, error.code));
element.addEventListener('liveness-cancel', () => void showElementProblem(element, 'UserCanceledSession'));
element.addEventListener('liveness-state', ({ state }) => {
  if (state === 'preparing' && document.body.dataset.view === 'problem') showView('session', null);
});

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-begin]')) {
  button.addEventListener('click', () => void begin(button.dataset.begin === 'clip'));
}
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-back]')) {
  button.addEventListener('click', () => {
    leave();
    clipLabel.hidden = true;
    showView('intro');
  });
}

if (isSecureContext) {
  // `mediaDevices` is missing in some web views, and in browsers where it is disabled.
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  if (!devices?.some(({ kind }) => kind === 'videoinput')) offerClipFirst();
} else {
  askForSafeAddress();
}
