/** The two languages of the product, equal in rank, and how one of them is chosen. */
export type Language = 'en' | 'ko'
export const languages: readonly Language[] = ['en', 'ko']

/** What a scenario file says: one text for both languages, or one for each. */
export type Words = string | { readonly en?: string; readonly ko?: string }

/** The text in this language, or in the other one where the author left it out: never nothing. */
export function pick(words: Words | undefined, language: Language): string {
  if (words === undefined) return ''
  if (typeof words === 'string') return words
  return words[language] ?? words.en ?? words.ko ?? ''
}

/** Whether `pick` had to fall back, so that the element can say in which language it speaks. */
export function languageOf(words: Words | undefined, language: Language): Language {
  if (words === undefined || typeof words === 'string' || words[language] !== undefined) return language
  return words.en === undefined ? 'ko' : 'en'
}

/** The first of these that we speak; `preferred` is what a browser lists, best first. */
export function bestLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found !== undefined) return found
  }
  return 'en'
}

/** The first sentence, and what follows it: a step's words have no title of their own. */
export function firstSentence(text: string): { readonly head: string; readonly rest: string } {
  // A full stop, or the colon of a short lead-in, does not end a sentence inside `code` or between digits.
  const end = /[.?!…](?=\s)/.exec(text)
  if (end === null) return { head: text, rest: '' }
  const cut = end.index + 1
  return { head: text.slice(0, cut), rest: text.slice(cut).trim() }
}
