/** For whoever runs Playwright by itself: what is tested is what the sources say. */
import { SERVED, buildChanged } from '../../scripts/build.js';

export default async function build(): Promise<void> {
  await buildChanged(SERVED);
}
