/** The examples in docs/judges.md work exactly as they are shown. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgeEvidence, WEIGHTS } from '../../demo/operator/evidence/judge-evidence.js';
import { chartWords } from '../../demo/operator/evidence/words.js';
import { sign } from '../../demo/server/judge/http/signature.js';
import { readJudgement } from '../../demo/server/judge/judgement.js';
import { film } from './film.js';

const page = readFileSync(new URL('../../docs/judges.md', import.meta.url), 'utf8');

/** The first JSON example after this heading of docs/judges.md. */
function exampleIn(heading: string): Record<string, unknown> {
  const [, json = ''] = new RegExp(`^### ${heading}$[^]*?^\`\`\`json$([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  return JSON.parse(json) as Record<string, unknown>;
}

it('the service reads the judgement in docs/judges.md as it is shown', () => {
  const [first, ...others] = film().frames;
  if (!first) throw new Error('A film has frames');
  const frames = [{ ...first, fileName: 'frame-003.jpg' }, ...others];
  const answer = exampleIn('`POST {url}/judgements`');
  expect(readJudgement(answer, film({ frames, verifyImage: new Uint8Array(3) }))).toEqual(answer);
});

it('the service signs as docs/judges.md shows', () => {
  const [, secret = '', requestId = '', body = '', seconds, signature] =
    /^With the secret `(.*)`, the id `(.*)` and the body `(.*)`, a request at (\d+) has\n\n```\nliveness-signature: (.*)$/m.exec(
      page,
    ) ?? [];
  const signed = { direction: 'request', requestId, body: new TextEncoder().encode(body) } as const;
  expect(sign(secret, signed, Number(seconds) * 1000)).toBe(signature);
});

it('the operator’s page reads the evidence in docs/judges.md as shown, which names every weight of a finding', () => {
  const evidence = exampleIn("Evidence for the operator's page");
  const shown = judgeEvidence({ evidence });
  expect(shown).toEqual({ verify: null, ...evidence });
  // Two poses make a chart, and everything that its description mentions is there.
  expect(shown?.frames.filter(({ fromFrontal }) => fromFrontal)).toHaveLength(2);
  expect(shown && chartWords(shown)).toMatch(/^Drawn .* Shaded: .*dashed/);
  const [, words = ''] = /^- `finding`: (.*)$/m.exec(page) ?? [];
  const named = [...words.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...WEIGHTS].sort());
});
