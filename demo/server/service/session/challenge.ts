/** What a person is asked to do in one attempt: drawn here, so that a recording made before cannot know it. */
import { HEAD_TURNS, type ActiveMotion, type LivenessOperationMode } from '../../../../src/protocol/wire.js';

const TURNS = 3;

/**
 * @param smile true: a smile somewhere among the head turns
 * @returns nothing in passive mode
 */
export function drawDirections(mode: LivenessOperationMode, smile: boolean): ActiveMotion[] {
  if (mode === 'Passive') return [];
  const [place = 0, ...draws] = crypto.getRandomValues(new Uint32Array(1 + TURNS));
  const directions: ActiveMotion[] = [];
  for (const draw of draws) {
    // Never the same twice in a row: the person would not know that it is a new turn.
    const choices = HEAD_TURNS.filter((turn) => turn !== directions.at(-1));
    directions.push(choices[draw % choices.length] ?? HEAD_TURNS[0]);
  }
  if (smile) directions.splice(place % (TURNS + 1), 0, 'smile');
  return directions;
}
