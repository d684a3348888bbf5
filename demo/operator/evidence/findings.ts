/** Lists the judge's findings, those against a live person first: each a measured value next to its threshold. */
import { code, create } from '../../common/dom.js';
import { mark, type Tone } from '../../common/mark.js';
import { WEIGHTS, type Finding } from './judge-evidence.js';
import { createSvg } from './svg.js';
import { directionWord, frameWord, kindWords, limitWords, valueWords } from './words.js';

const MARKS: Record<Finding['finding'], [Tone, string]> = {
  attack: ['bad', 'Against'],
  doubts: ['open', 'Doubt'],
  supports: ['good', 'As expected'],
  absent: ['unknown', 'No evidence'],
};

export function findingList(findings: readonly Finding[]): HTMLElement {
  const ordered = WEIGHTS.flatMap((weight) => findings.filter(({ finding }) => finding === weight));
  const kinds = new Map<string, Finding[]>();
  for (const finding of ordered) {
    const kind = finding.name.split('.')[0] ?? '';
    kinds.set(kind, [...(kinds.get(kind) ?? []), finding]);
  }
  return create('ul', { class: 'findings' }, ...[...kinds].map(([kind, found]) => kindItem(kind, found)));
}

/** One list item for all findings of a kind, such as those of each head turn. */
function kindItem(kind: string, findings: readonly Finding[]): HTMLElement {
  const { title, meaning } = kindWords(kind);
  return create(
    'li',
    { 'data-kind': kind },
    create('div', {}, create('strong', {}, title), meaning && create('p', { class: 'fine' }, meaning)),
    create('div', { class: 'measured' }, ...findings.map(measurement)),
  );
}

function measurement(finding: Finding): HTMLElement {
  const limits = limitWords(finding);
  const [, of] = /\.(.+)/.exec(finding.name) ?? [];
  return create(
    'div',
    { class: 'measurement' },
    create(
      'p',
      {},
      of === undefined ? null : create('span', { class: 'of' }, directionWord(of)),
      valueWords(finding),
      limits && create('span', { class: 'limits' }, ` (${limits})`),
    ),
    mark(...MARKS[finding.finding]),
    gauge(finding),
    ...blamed(finding),
  );
}

/** Names the frames and attempts to look at; none for findings that support a live person. */
function blamed({ finding, frames = [], attempts = [] }: Finding): HTMLElement[] {
  if (finding === 'supports') return [];
  const names = [...new Set(frames)].map(frameWord);
  const where = `In ${names.length === 1 ? 'frame' : 'frames'} ${names.join(', ')}`;
  return [
    ...(names.length > 0 ? [create('p', { class: 'fine' }, where)] : []),
    ...attempts.map((attempt) => create('p', { class: 'fine' }, 'Also in ', attemptLink(attempt))),
  ];
}

/** A link to the session of another attempt. If that session has been deleted, the page says so. */
function attemptLink(attempt: string): HTMLElement {
  const [session = '', number = ''] = attempt.split('/');
  return create('a', { href: `#${session}` }, code(session), `, attempt ${number}`);
}

const GAUGE = { width: 240, height: 10 };

/** Draws the allowed range and the value. The text next to it says the same. */
function gauge({ value, atLeast, atMost }: Finding): SVGSVGElement | null {
  const limits = [atLeast, atMost].filter((limit) => limit !== undefined);
  if (typeof value !== 'number' || limits.length === 0) return null;
  const low = Math.min(0, ...limits, value);
  const high = Math.max(0, ...limits, value);
  // The scale covers value and limits with a margin: a time or count may be a hundred times its threshold.
  const margin = (high - low || 1) * 0.12;
  const x = (at: number): number => ((at - low + margin) / (high - low + 2 * margin)) * GAUGE.width;
  const [from, to] = [atLeast === undefined ? 0 : x(atLeast), atMost === undefined ? GAUGE.width : x(atMost)];
  const { width, height } = GAUGE;
  return createSvg(
    'svg',
    { class: 'gauge', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    createSvg('rect', { class: 'gauge-track', x: 0, y: 3, width, height: 4, rx: 2 }),
    createSvg('rect', { class: 'gauge-allowed', x: from, y: 3, width: Math.max(1, to - from), height: 4, rx: 2 }),
    createSvg('circle', { class: 'gauge-value', cx: x(value), cy: 5, r: 4.5 }),
  );
}
