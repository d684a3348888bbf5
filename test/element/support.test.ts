/** What is remembered of what a worker can, and who looks when. What browsers lack is in `test/e2e/support.spec.ts`. */
import { afterEach, expect, it } from 'vitest';
import { checkSupport } from '../../src/support.js';
import { Harness, until } from './harness.js';

let harness: Harness;
afterEach(() => harness.dispose());

async function check(): Promise<string[]> {
  const { checks } = await checkSupport({ workerUrl: harness.element.workerUrl });
  return checks.flatMap(({ name, ok }) => (ok ? [] : [name]));
}

// First of all: what is found here is remembered.
it('a start meanwhile looks when the other has looked, and what was missing once is looked for again', async () => {
  harness = new Harness({ script: { featuresMs: 1_000, lacksWebGl2: true } });
  const checked = check();
  const start = harness.start();
  expect(await checked).toEqual(['workerWebGl2']);
  await until(() => harness.calls('features').length > 0, 'what it told');
  expect(harness.calls('features'), 'the other has not yet').toHaveLength(1);
  expect(await start).toMatchObject({ code: 'WebGLNotSupported' });
  harness.direct({ featuresMs: 0, lacksWebGl2: false });
  expect(await check()).toEqual([]);
});

it('what was there is not looked for again', async () => {
  harness = new Harness({});
  expect(await check()).toEqual([]);
  const asked = harness.calls('features').length;
  harness.direct({ lacksWebGl2: true });
  expect(await check()).toEqual([]);
  expect(harness.calls('features')).toHaveLength(asked);
});
