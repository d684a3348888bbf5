/**
 * The motions asked for in one attempt. The service draws them at random, so that a recording made beforehand cannot be
 * expected to show them.
 */
import { HEAD_TURNS, type ActiveMotion, type LivenessOperationMode } from '../../../../src/protocol/wire.js';

const TURNS = 3;

/**
 * @param smile whether to add a smile somewhere among the head turns
 * @returns an empty list in passive mode
 */
export function drawDirections(mode: LivenessOperationMode, smile: boolean): ActiveMotion[] {
  if (mode === 'Passive') return [];
  const [place = 0, ...draws] = crypto.getRandomValues(new Uint32Array(1 + TURNS));
  const directions: ActiveMotion[] = [];
  for (const draw of draws) {
    // Never the same turn twice in a row: the person would not notice that a new one is asked for.
    const choices = HEAD_TURNS.filter((turn) => turn !== directions.at(-1));
    directions.push(choices[draw % choices.length] ?? HEAD_TURNS[0]);
  }
  if (smile) directions.splice(place % (TURNS + 1), 0, 'smile');
  return directions;
}
