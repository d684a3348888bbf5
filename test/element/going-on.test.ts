/** Nothing but a way out ends a session. */
import { afterEach, expect, it } from 'vitest';
import { en } from '../../src/strings/en.js';
import { Harness, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(() => harness.dispose());

it('a camera that goes away, where there is another: guidance begins anew with it', async () => {
  mount();
  await harness.framing();
  harness.tracks[0]?.dispatchEvent(new Event('ended'));
  await until(() => harness.tracks.length === 2, 'another camera');
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
  await until(() => harness.calls('begin').length === 2, 'guidance begins anew');
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 3, 'its pictures');
  expect(harness.states).toEqual(['preparing', 'framing']);
});

it('a preview that stopped while the page was hidden and the detector on its way', async () => {
  mount();
  harness.element.addEventListener('liveness-state', () => harness.state === 'framing' && harness.video.pause());
  await harness.framing();
  await until(() => harness.calls('analyse').length > 5, 'pictures');
});

it('moving the element within the document: it goes on where it is', async () => {
  mount();
  await harness.framing();
  const elsewhere = document.createElement('div');
  document.body.append(elsewhere);
  elsewhere.append(harness.element);
  const before = harness.calls('analyse').length;
  await until(() => harness.calls('analyse').length > before + 3, 'pictures after the move');
  expect(harness.states).toEqual(['preparing', 'framing']);
  expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['live']);
  elsewhere.remove();
});

it('a second start: it is refused and the first goes on', async () => {
  mount();
  await harness.framing();
  expect(await harness.start()).toMatchObject({ code: 'AlreadyRunning' });
  expect(harness.states).toEqual(['preparing', 'framing']);
  harness.report({ phase: 'captured' });
  await harness.reached('succeeded');
});

it('an answer to the question that was heard late: nobody is asked twice', async () => {
  mount({ script: { report: { phase: 'prompting', promptReason: 'required' }, deafMs: 400 } });
  void harness.start();
  await harness.reached('prompting');
  harness.button(en.agree).click();
  await until(() => harness.calls('beginTurns').length > 0, 'the agreement');
  expect(harness.states).toEqual(['preparing', 'framing', 'prompting', 'activeMotion']);
});
