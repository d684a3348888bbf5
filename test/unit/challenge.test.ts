import { expect, it } from 'vitest';
import { drawDirections } from '../../demo/server/service/session/challenge.js';

const draws = (smile: boolean) => Array.from({ length: 500 }, () => drawDirections('PassiveActive', smile));

it('draws nothing for a passive session', () => {
  expect(drawDirections('Passive', true)).toEqual([]);
});

it('draws three head turns in all 36 combinations without the same turn twice in a row', () => {
  const drawn = draws(false);
  expect(new Set(drawn.map(String)).size).toBe(36);
  for (const [a, b, c, ...more] of drawn) expect([a !== b, b !== c, more]).toEqual([true, true, []]);
});

it('draws one smile before, between or after the head turns if smiles are wanted', () => {
  const drawn = draws(true);
  expect(new Set(drawn.map((directions) => directions.indexOf('smile')))).toEqual(new Set([0, 1, 2, 3]));
  for (const directions of drawn) {
    expect(directions.filter((direction) => direction === 'smile')).toHaveLength(1);
    expect(directions).toHaveLength(4);
  }
});
