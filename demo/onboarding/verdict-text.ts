/** Says in plain words what a verdict means, and claims no more than that. Pure. */
import type { Outcome } from '../common/contract.js';
import { reasonWords } from '../common/reasons.js';

export interface VerdictText {
  tone: 'good' | 'open' | 'bad';
  title: string;
  sentences: string[];
}

export function verdictText(outcome: Outcome, recorded: boolean): VerdictText {
  const text = plainText(outcome);
  if (!recorded) return text;
  if (outcome.verdict === 'live') {
    return {
      tone: 'open',
      title: 'A recording has passed',
      sentences: [
        ...text.sentences,
        'A recorded clip took the place of the camera, as a virtual camera can, and the judge did not notice. Nothing here is about the person at this device.',
      ],
    };
  }
  const caution = 'A recorded clip took the place of the camera. Nothing here is about the person at this device.';
  return { ...text, sentences: [...text.sentences, caution] };
}

function plainText({ verdict, isJudged, judge, reason, digests }: Outcome): VerdictText {
  const because = reason ? ` ${reasonWords(reason)}` : '';
  const who = judge ? `The judge “${judge}”` : 'The service’s judge';
  switch (verdict) {
    case 'live':
      return {
        tone: 'good',
        title: 'Judged to be a live person',
        sentences: [`${who} judged exactly the pictures that this page sent, and decided “realface”.`],
      };
    case 'spoof':
      return {
        tone: 'bad',
        title: 'Not accepted',
        sentences: [
          `${who} judged exactly the pictures that this page sent, and decided “spoofface”: what was filmed is not considered a live person.${because}`,
        ],
      };
    case 'undecided':
      return {
        tone: 'open',
        title: 'Undecided: not a pass',
        sentences: [
          'The pictures arrived intact and the service answered “uncertain”. That does not say whether a live person was there.',
          isJudged ? `${who} could not decide about these pictures.${because}` : reasonWords('NoJudgeConfigured'),
          'A bank must not accept this answer: it has to ask again, or check in another way.',
        ],
      };
    case 'untrusted':
      return {
        tone: 'bad',
        title: 'Not to be trusted',
        sentences: [whyUntrusted(digests)],
      };
  }
}

function whyUntrusted({ reported, audited }: Outcome['digests']): string {
  if (audited === null) return 'The service’s audit holds no submission under the number this page reported.';
  return audited === reported
    ? 'This page reported a submission that was refused, or that is not the latest of its session. Only the latest counts.'
    : 'What the service received is not what this page says it sent. Any decision about it counts for nothing.';
}
