/** Shows two digests one above the other, in groups that can be compared by eye, with a mark that says it in a word. */
import { create } from './dom.js';

export type Comparison = 'match' | 'differ' | 'unknown';

const MARKS: Record<Comparison, string> = { match: 'Digests match', differ: 'Digests differ', unknown: 'Not compared' };

export function compareDigests(one: string | null, other: string | null): Comparison {
  if (one === null || other === null) return 'unknown';
  return one === other ? 'match' : 'differ';
}

export function digestMark(comparison: Comparison, text = MARKS[comparison]): HTMLElement {
  return create('span', { class: 'mark', 'data-mark': comparison }, text);
}

export function digestComparison(
  reported: { label: string; digest: string | null },
  audited: { label: string; digest: string | null },
): HTMLElement {
  const row = (label: string, digest: string | null, other: string | null): HTMLElement =>
    create(
      'div',
      {},
      create('dt', {}, label),
      create('dd', {}, digest === null ? create('span', { class: 'none' }, 'none') : groups(digest, other)),
    );
  return create(
    'div',
    { class: 'digests' },
    digestMark(compareDigests(reported.digest, audited.digest)),
    create(
      'dl',
      {},
      row(reported.label, reported.digest, audited.digest),
      row(audited.label, audited.digest, reported.digest),
    ),
  );
}

/** Eight groups of eight digits; groups that differ from the other digest's are marked. The text stays one string. */
function groups(digest: string, other: string | null): HTMLElement {
  const parts = digest.match(/.{1,8}/g) ?? [];
  const differs = (part: string, index: number): boolean =>
    other !== null && other.slice(index * 8, index * 8 + 8) !== part;
  return create(
    'code',
    { class: 'digest' },
    ...parts.map((part, index) => create('span', { class: differs(part, index) ? 'differs' : undefined }, part)),
  );
}
