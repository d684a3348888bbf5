/** One sentence after the other, as they are heard: titles have no full stop. */
export function join(said: string, sentence: string): string {
  return said + (/\p{Sentence_Terminal}$/u.test(said) ? ' ' : '. ') + sentence;
}
