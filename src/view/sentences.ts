/** Appends a sentence for speech, after a full stop if `said` ends without one, as titles do. */
export function join(said: string, sentence: string): string {
  return said + (/\p{Sentence_Terminal}$/u.test(said) ? ' ' : '. ') + sentence;
}
