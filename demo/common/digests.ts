/**
 * Shows two digests one above the other, in groups that can be compared by eye, and a mark that states the result in
 * words.
 */
import { create } from './dom.js';
import { mark, type Tone } from './mark.js';

interface LabelledDigest {
  label: string;
  digest: string | null;
}

function compared(one: string | null, other: string | null): [Tone, string] {
  if (one === null || other === null) return ['unknown', 'Not compared'];
  return one === other ? ['match', 'Digests match'] : ['bad', 'Digests differ'];
}

export function digestComparison(reported: LabelledDigest, audited: LabelledDigest): HTMLElement {
  return create(
    'div',
    { class: 'digests' },
    mark(...compared(reported.digest, audited.digest)),
    create('dl', {}, row(reported, audited.digest), row(audited, reported.digest)),
  );
}

/** Shows one digest, which somebody else has to compare; `note` says who. */
export function singleDigest(digest: LabelledDigest, note: string): HTMLElement {
  return create('div', { class: 'digests' }, create('dl', {}, row(digest, null)), create('p', { class: 'fine' }, note));
}

function row({ label, digest }: LabelledDigest, other: string | null): HTMLElement {
  return create(
    'div',
    {},
    create('dt', {}, label),
    create('dd', {}, digest === null ? create('span', { class: 'none' }, 'none') : groups(digest, other)),
  );
}

/** Eight groups of eight digits, copied as one string. Marks the groups that differ from those of the other digest. */
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
