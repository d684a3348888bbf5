/** Explains the judge's terms to a person who investigates a session. Pure. */
import type { LivenessResponseBody } from '../../../src/protocol/wire.js';
import { reasonWords } from '../../common/reasons.js';
import type { Finding, JudgedFrame, JudgeEvidence } from './judge-evidence.js';

/** @returns one or two sentences on the decision and its reason, which claim no more than the judge found */
export function decisionWords(
  { livenessDecision, reason }: LivenessResponseBody,
  findings: readonly Finding[] = [],
): string {
  const because = typeof reason === 'string' ? ` ${reasonWords(reason)}` : '';
  switch (livenessDecision) {
    case 'realface':
      return `${livenessWords(findings)}${because}`;
    case 'spoofface':
      return `The judge considers this an attack.${because}`;
    default:
      return `Undecided: this is not a pass.${because}`;
  }
}

/** Explains `realface`. Looks at the findings, because another judge may decide it whatever evidence it stores. */
function livenessWords(findings: readonly Finding[]): string {
  const found = new Set(findings.map(({ finding }) => finding));
  return found.has('supports') && !found.has('doubts') && !found.has('attack')
    ? 'The judge found what a live person would show, and nothing that speaks against it.'
    : 'The judge considers this a live person.';
}

interface Words {
  title: string;
  /** What was measured, and what it means. */
  meaning: string;
}

const FINDINGS: ReadonlyMap<string, Words> = new Map(
  Object.entries({
    challenge: {
      title: 'Moved as asked',
      meaning: 'The service drew directions for this attempt alone. A recording made before cannot know them.',
    },
    time: {
      title: 'Time to move',
      meaning: 'The time from rest to the turn or the smile. A cut between two recordings takes no time.',
    },
    proportions: {
      title: 'Shape while turned',
      meaning: 'Width over height of the face, compared with the frontal face. A flat picture narrows as it is turned.',
    },
    background: {
      title: 'Face moves apart from the background',
      meaning: 'A head turns in front of its background. A picture takes its background along.',
    },
    enclosure: { title: 'Straight edges around the face', meaning: 'Screens and prints have them on every side.' },
    border: {
      title: 'Border around the face',
      meaning: 'A border that is equally bright on all four sides, like a bezel or a margin.',
    },
    oneFace: { title: 'One face in each picture', meaning: 'The number of pictures with exactly one face.' },
    samePerson: {
      title: 'The same person throughout',
      meaning: 'Distance between the most typical face and the one that is least like it. Small means alike.',
    },
    naturalMotion: {
      title: 'Movement within the face',
      meaning: 'How much the upright face changes over the attempt: blinking, glances, the mouth.',
    },
    repeatedFrames: { title: 'No picture twice', meaning: 'Pairs that show the same picture at different moments.' },
    seenBefore: {
      title: 'No picture from another attempt',
      meaning: 'Compared with the fingerprints of all sessions that are still kept.',
    },
    manifest: {
      title: 'Pictures as described',
      meaning: 'Pictures whose face is not where the page said, or not turned as it said.',
    },
    timing: { title: 'Taken in the time available', meaning: 'The time from the first picture to the last.' },
    steps: { title: 'Motions as drawn', meaning: 'The motions that the page said its pictures show.' },
    attackModel: {
      title: 'Presentation-attack model',
      meaning: 'The operator’s own model: above zero for a live face, below zero for a picture of one.',
    },
  }),
);

const DIRECTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    lookLeft: 'left',
    lookRight: 'right',
    lookUp: 'up',
    lookDown: 'down',
    smile: 'smile',
  }),
);

/** @param kind the part of a finding's name before the dot */
export function kindWords(kind: string): Words {
  return FINDINGS.get(kind) ?? { title: kind, meaning: '' };
}

export function directionWord(step: string): string {
  return DIRECTIONS.get(step) ?? step;
}

/** Explains what the charts of the head's motion show, and omits what the judge did not record. */
export function chartWords({ challenge, frames, turn }: JudgeEvidence): string {
  const isShaded = frames.some(({ step }) => step !== 'smile' && DIRECTIONS.has(step));
  return [
    ...(challenge.length > 0
      ? [`Drawn for this attempt, in this order: ${challenge.map(directionWord).join(', ')}.`]
      : []),
    ...(isShaded ? ['Shaded: the time in which that turn was asked for.'] : []),
    `Each dot is a picture${turn ? '; beyond the dashed lines a head counts as turned' : ''}.`,
  ].join(' ');
}

/** “3” for “frame-003.jpg”; any other name unchanged. */
export function frameWord(fileName: string): string {
  return fileName.replace(/^frame-0*(\d+)\.jpg$/, '$1');
}

/** Such as “12° left, 3° up”, or what was found instead of one face with a pose. */
export function poseWords({ faceCount, fromFrontal }: JudgedFrame): string {
  if (faceCount > 1) return `${faceCount} faces`;
  if (!fromFrontal) return faceCount === 0 ? 'no face' : 'pose not known';
  const { yaw, pitch } = fromFrontal;
  const [sideways, upright] = [Math.round(Math.abs(yaw)), Math.round(Math.abs(pitch))];
  return `${sideways}° ${yaw >= 0 ? 'left' : 'right'}, ${upright}° ${pitch >= 0 ? 'up' : 'down'}`;
}

/** Such as “1.04 of the frontal width over height”. */
export function valueWords(finding: Finding): string {
  const { value, unit } = finding;
  if (typeof value === 'string') return value.replaceAll(/look(Left|Right|Up|Down)/g, directionWord);
  const words = number(value, decimalsOf(finding));
  if (unit === undefined) return words;
  return `${words} ${value === 1 ? unit.replace(/^((?:turned )?(?:file|frame|pair))s\b/, '$1') : unit}`;
}

/** Such as “between 0.9 and 1.18”; empty if there is no threshold. */
export function limitWords(finding: Finding): string {
  const decimals = decimalsOf(finding);
  const [least, most] = [finding.atLeast, finding.atMost].map(
    (limit) => limit !== undefined && number(limit, decimals),
  );
  if (least && most) return `between ${least} and ${most}`;
  if (least) return `at least ${least}`;
  return most ? `at most ${most}` : '';
}

const DECIMALS = 2;
const MOST_DECIMALS = 15;

/** As many as the value needs to differ from its limits: a score of 0.9962 must not look like its limit of 0.9985. */
function decimalsOf({ value, atLeast, atMost }: Finding): number {
  if (typeof value !== 'number') return DECIMALS;
  const others = [atLeast, atMost].filter((limit) => limit !== value);
  let decimals = DECIMALS;
  const isLikeAnother = () =>
    others.some((limit) => limit !== undefined && number(limit, decimals) === number(value, decimals));
  while (decimals < MOST_DECIMALS && isLikeAnother()) decimals++;
  return decimals;
}

function number(value: number, decimals: number): string {
  const isLarge = Math.abs(value) >= 100 && decimals === DECIMALS;
  return value.toLocaleString(undefined, { maximumFractionDigits: isLarge ? 0 : decimals });
}
