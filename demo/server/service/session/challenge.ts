/** The head turns of one attempt: drawn here, so that a recording made before cannot know them. */
import { HEAD_TURNS, type HeadTurn, type LivenessOperationMode } from '../../../../src/protocol/wire.js';

const TURNS = 3;

/** @returns nothing in passive mode */
export function drawDirections(mode: LivenessOperationMode): HeadTurn[] {
  if (mode === 'Passive') return [];
  const directions: HeadTurn[] = [];
  for (const draw of crypto.getRandomValues(new Uint32Array(TURNS))) {
    // Never the same twice in a row: the person would not know that it is a new turn.
    const choices = HEAD_TURNS.filter((turn) => turn !== directions.at(-1));
    directions.push(choices[draw % choices.length] ?? HEAD_TURNS[0]);
  }
  return directions;
}
