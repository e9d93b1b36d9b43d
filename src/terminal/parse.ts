/** A command line as words, and words as options: quotes of a shell, and options as joptsimple reads them. */

/** Words of a line; undefined = a quote is not closed. */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!
    if (quote !== undefined) {
      if (letter === quote) quote = undefined
      else if (letter === '\\' && quote === '"' && (line[i + 1] === '"' || line[i + 1] === '\\')) word += line[++i]!
      else word += letter
    } else if (letter === '\'' || letter === '"') {
      quote = letter
      word ??= ''
    } else if (letter === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i]!
    else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + letter
  }
  if (quote !== undefined) return undefined
  return word === undefined ? words : [...words, word]
}

/** What can stand behind a flag; for completion. */
export type Takes = 'topic' | 'group' | 'server' | 'broker' | 'config' | 'number' | 'text' | readonly string[]
export interface Flag {
  /** Without its dashes. */
  readonly name: string
  /** undefined = stands alone. */
  readonly takes?: Takes
  /** May be given several times; otherwise it is refused when it is used as one value. */
  readonly many?: true
}

export class Options {
  readonly #values: ReadonlyMap<string, readonly string[]>
  /** Words that belong to no flag. */
  readonly rest: readonly string[]
  constructor(values: ReadonlyMap<string, readonly string[]>, rest: readonly string[]) {
    this.#values = values
    this.rest = rest
  }
  has(name: string): boolean {
    return this.#values.has(name)
  }
  /** The last of several. */
  value(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }
  values(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }
}

export interface Unparsed { readonly problem: string; readonly exception: string }

/** Options by their names, or by a beginning of one that is no other's. */
export function optionsOf(flags: readonly Flag[], words: readonly string[]): Options | Unparsed {
  const values = new Map<string, string[]>()
  const rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!/^--?[A-Za-z]/.test(word)) {
      rest.push(word)
      continue
    }
    const [, given = '', , inline] = /^--?([^=]+)(=([\s\S]*))?$/.exec(word) ?? []
    const flag = flagCalled(flags, given)
    if (flag === undefined) return { problem: `${given} is not a recognized option`, exception: 'joptsimple.UnrecognizedOptionException' }
    const list = values.get(flag.name) ?? []
    values.set(flag.name, list)
    if (flag.takes === undefined) continue
    const value = inline ?? (isFlag(flags, words[i + 1]) ? undefined : words[++i])
    if (value === undefined) return { problem: `Option ${flag.name} requires an argument`, exception: 'joptsimple.OptionMissingRequiredArgumentException' }
    list.push(value)
  }
  return new Options(values, rest)
}

function flagCalled(flags: readonly Flag[], given: string): Flag | undefined {
  const exact = flags.find(({ name }) => name === given)
  const begun = flags.filter(({ name }) => name.startsWith(given))
  return exact ?? (begun.length === 1 ? begun[0] : undefined)
}
/** `-1` is a value; `--list` is not. */
const isFlag = (flags: readonly Flag[], word: string | undefined): boolean =>
  word === undefined || (word.startsWith('--') && flagCalled(flags, word.slice(2).replace(/=.*/s, '')) !== undefined)
