/**
 * An onboarding page as an integrator would write it: asks its own back end for a session, hands the token to the
 * element, hands the element's result back to the back end, and shows what the back end made of it.
 */
import type { FaceLiveness } from '../../src/index.js';
import type { LivenessOperationMode } from '../../src/protocol/wire.js';
import { find } from '../shared/dom.js';
import { insertActor } from './actor.js';
import { createSession, reportResult } from './back-end.js';
import { problemText } from './problem-text.js';
import { showOutcome, showProblem, showView } from './views.js';

const element = find('liveness', HTMLElement) as FaceLiveness;
const clipLabel = find('clip-label', HTMLElement);
// The demo serves the session service beside its pages, under whatever name the visitor reached it.
element.endpoint = location.origin;

async function run(recorded: boolean): Promise<void> {
  clipLabel.hidden = !recorded;
  showView('session');
  let removeActor: (() => void) | undefined;
  try {
    if (recorded) removeActor = await insertActor(element);
    const { token } = await createSession(chosenOptions());
    const result = await element.start(token);
    showView('checking');
    const { sessionId, attemptId, resultId, clientRequestId, digest } = result;
    const outcome = await reportResult({ sessionId, attemptId, resultId, clientRequestId, digest });
    showOutcome(outcome, { recorded, shownToPage: result.livenessDecision });
  } catch (error) {
    showProblem(problemText(error));
  } finally {
    removeActor?.();
  }
}

function chosenOptions() {
  const mode = document.querySelector<HTMLInputElement>('input[name="mode"]:checked')?.value ?? 'Passive';
  return {
    livenessOperationMode: mode as LivenessOperationMode,
    sendResultsToClient: find('send-results', HTMLInputElement).checked,
  };
}

/** A camera that is there may still have no name or be refused: only an empty list says something. */
async function hasCamera(): Promise<boolean> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return devices?.some(({ kind }) => kind === 'videoinput') ?? false;
}

const start = find('start', HTMLButtonElement);
const startWithClip = find('start-with-clip', HTMLButtonElement);
start.addEventListener('click', () => void run(false));
startWithClip.addEventListener('click', () => void run(true));
find('retry', HTMLButtonElement).addEventListener('click', () => void run(!clipLabel.hidden));
find('retry-with-clip', HTMLButtonElement).addEventListener('click', () => void run(true));
find('again', HTMLButtonElement).addEventListener('click', () => {
  clipLabel.hidden = true;
  showView('intro');
});

if (!(await hasCamera())) {
  find('no-camera', HTMLElement).hidden = false;
  start.classList.remove('primary');
  startWithClip.classList.add('primary');
  startWithClip.after(start);
}
