/** Charts of the head's pose over time, as measured by the judge, with the directions that were asked for. */
import { create } from '../../common/dom.js';
import type { JudgedFrame, JudgeEvidence } from './judge-evidence.js';
import { createSvg } from './svg.js';
import { chartWords, directionWord } from './words.js';

/** Size of a chart: small, so that its text is readable on a phone. Wide pages show both charts side by side. */
const SIZE = { width: 360, height: 172 };
/** Margins of the plot. Below it are two lines of text: the motions asked for, and the time. */
const PLOT = { left: 60, right: 8, top: 22, bottom: 36 };
/** The scale's minimum range, in degrees in each direction. */
const LEAST_RANGE = 20;

interface Axis {
  angle: 'yaw' | 'pitch';
  title: string;
  /** Labels of the ends of the scale: positive, negative. */
  ends: [string, string];
  directions: string[];
}

const AXES: Axis[] = [
  { angle: 'yaw', title: 'Left and right', ends: ['left', 'right'], directions: ['lookLeft', 'lookRight'] },
  { angle: 'pitch', title: 'Up and down', ends: ['up', 'down'], directions: ['lookUp', 'lookDown'] },
];

/** @returns null if fewer than two poses were found */
export function poseCharts(evidence: JudgeEvidence): HTMLElement | null {
  const { frames, turn } = evidence;
  const posed = frames.filter(({ fromFrontal }) => fromFrontal !== null);
  if (posed.length < 2) return null;
  return create(
    'figure',
    { class: 'poses' },
    ...AXES.map((axis) => chart(axis, posed, frames, turn?.[axis.angle] ?? null)),
    create('figcaption', { class: 'fine' }, chartWords(evidence)),
  );
}

function chart(axis: Axis, posed: JudgedFrame[], frames: JudgedFrame[], turned: number | null): SVGSVGElement {
  const { angle, title, ends } = axis;
  const points = posed.map(({ timeOffsetInMs, fromFrontal }) => ({
    time: timeOffsetInMs,
    degrees: fromFrontal?.[angle] ?? 0,
  }));
  const last = Math.max(1, ...frames.map(({ timeOffsetInMs }) => timeOffsetInMs));
  const range = Math.max(LEAST_RANGE, ...points.map(({ degrees }) => Math.abs(degrees) + 4));
  const x = (time: number): number => PLOT.left + (time / last) * (SIZE.width - PLOT.left - PLOT.right);
  const y = (degrees: number): number =>
    PLOT.top + ((range - degrees) / (2 * range)) * (SIZE.height - PLOT.top - PLOT.bottom);
  const line = (degrees: number, name: string): SVGElement =>
    createSvg('line', { class: name, x1: PLOT.left, x2: SIZE.width - PLOT.right, y1: y(degrees), y2: y(degrees) });
  const label = (text: string, at: { x: number; y: number }, anchor: 'start' | 'middle' | 'end'): SVGElement =>
    createSvg('text', { ...at, 'text-anchor': anchor }, text);

  const extreme = points.reduce((most, next) => (Math.abs(next.degrees) > Math.abs(most.degrees) ? next : most));
  const said = `${title}: at most ${Math.round(Math.abs(extreme.degrees))} degrees ${ends[extreme.degrees >= 0 ? 0 : 1]}, after ${seconds(extreme.time)}`;
  return createSvg(
    'svg',
    { class: 'chart', viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: 'img', 'aria-label': said },
    ...turnsAsked(frames, axis.directions).flatMap(({ step, from, to }) => [
      createSvg('rect', {
        class: 'chart-asked',
        x: x(from) - 4,
        width: x(to) - x(from) + 8,
        y: PLOT.top,
        height: SIZE.height - PLOT.top - PLOT.bottom,
        rx: 4,
      }),
      label(directionWord(step), { x: (x(from) + x(to)) / 2, y: SIZE.height - 22 }, 'middle'),
    ]),
    line(0, 'chart-zero'),
    ...(turned === null ? [] : [line(turned, 'chart-threshold'), line(-turned, 'chart-threshold')]),
    createSvg('polyline', {
      class: 'chart-line',
      points: points.map(({ time, degrees }) => `${x(time).toFixed(1)},${y(degrees).toFixed(1)}`).join(' '),
    }),
    ...points.map(({ time, degrees }) =>
      createSvg('circle', { class: 'chart-dot', cx: x(time), cy: y(degrees), r: 3.5 }),
    ),
    createSvg('text', { class: 'chart-title', x: 0, y: 13 }, title),
    label(`${ends[0]} ${Math.round(range)}°`, { x: PLOT.left - 6, y: y(range) + 9 }, 'end'),
    label('0°', { x: PLOT.left - 6, y: y(0) + 4 }, 'end'),
    label(`${ends[1]} ${Math.round(range)}°`, { x: PLOT.left - 6, y: y(-range) }, 'end'),
    label('0 s', { x: PLOT.left, y: SIZE.height - 6 }, 'start'),
    label(seconds(last), { x: SIZE.width - PLOT.right, y: SIZE.height - 6 }, 'end'),
  );
}

/** The times, in milliseconds, between which each of the directions was asked for. */
function turnsAsked(frames: readonly JudgedFrame[], directions: readonly string[]) {
  const turns: { step: string; from: number; to: number }[] = [];
  let before = '';
  for (const { step, timeOffsetInMs } of frames) {
    const run = turns.at(-1);
    if (directions.includes(step)) {
      if (run && step === before) run.to = timeOffsetInMs;
      else turns.push({ step, from: timeOffsetInMs, to: timeOffsetInMs });
    }
    before = step;
  }
  return turns;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
