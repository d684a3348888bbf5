import { expect, it } from 'vitest';
import { drawDirections } from '../../demo/server/service/session/challenge.js';

const draws = (smile: boolean) => Array.from({ length: 500 }, () => drawDirections('PassiveActive', smile));

it('a passive session asks for nothing', () => {
  expect(drawDirections('Passive', true)).toEqual([]);
});

it('three head turns, each of all that can be: 36 ways, and none twice in a row', () => {
  const drawn = draws(false);
  expect(new Set(drawn.map(String)).size).toBe(36);
  for (const [a, b, c, ...more] of drawn) expect([a !== b, b !== c, more]).toEqual([true, true, []]);
});

it('and one smile, before, between or after them', () => {
  const drawn = draws(true);
  expect(new Set(drawn.map((directions) => directions.indexOf('smile')))).toEqual(new Set([0, 1, 2, 3]));
  for (const directions of drawn) {
    expect(directions.filter((direction) => direction === 'smile')).toHaveLength(1);
    expect(directions).toHaveLength(4);
  }
});
