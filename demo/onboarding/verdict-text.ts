/** Says in plain words what a verdict means, and never more than it means. Pure. */
import type { Outcome } from '../shared/contract.js';

export interface VerdictText {
  tone: 'good' | 'open' | 'bad';
  title: string;
  sentences: string[];
}

export function verdictText(outcome: Outcome, recorded: boolean): VerdictText {
  const text = plainText(outcome);
  if (!recorded) return text;
  const caution = 'A recorded clip took the place of the camera: nothing here is about the person at this device.';
  // A recording that was taken for a live person is no success to show.
  return { ...text, tone: text.tone === 'good' ? 'open' : text.tone, sentences: [...text.sentences, caution] };
}

function plainText({ verdict, isJudged, judge, reason, digests }: Outcome): VerdictText {
  const who = judge ? `The judge “${judge}”` : 'The service’s judge';
  switch (verdict) {
    case 'live':
      return {
        tone: 'good',
        title: 'Judged to be a live person',
        sentences: [`${who} saw the very pictures this page sent, and decided “realface”.`],
      };
    case 'spoof':
      return {
        tone: 'bad',
        title: 'Not accepted',
        sentences: [
          `${who} saw the very pictures this page sent, and decided “spoofface”: what was filmed is not taken for a live person.`,
        ],
      };
    case 'undecided':
      return {
        tone: 'open',
        title: 'Undecided: not a pass',
        sentences: [
          'The pictures arrived intact and the service answered “uncertain”: it says neither that a live person was there nor that none was.',
          isJudged
            ? `${who} could not decide about these pictures${reason ? ` (${reason})` : ''}.`
            : 'No judge is configured on this service, so it answers “uncertain” to everybody.',
          'A bank must not go on with this answer: it asks again, or checks by other means.',
        ],
      };
    case 'untrusted':
      return {
        tone: 'bad',
        title: 'Not to be trusted',
        sentences: [
          digests.audited === null
            ? 'The service’s audit holds no submission under the number this page reported.'
            : 'What the service received is not what this page says it sent. Whatever was decided about it counts for nothing.',
        ],
      };
  }
}
