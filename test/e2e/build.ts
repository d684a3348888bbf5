/** Builds what changed, so that Playwright run on its own tests the current sources. */
import { SERVED, buildChanged } from '../../scripts/build.js';

export default async function build(): Promise<void> {
  await buildChanged(SERVED);
}
