/** The threads of the judge load what the element is served. */
import { prepareAssets } from '../../scripts/assets.js';

export default function setup(): void {
  prepareAssets();
}
