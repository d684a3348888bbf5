/** Appends a sentence as it is spoken, with a full stop before it if needed: titles have none. */
export function join(said: string, sentence: string): string {
  return said + (/\p{Sentence_Terminal}$/u.test(said) ? ' ' : '. ') + sentence;
}
