/** What the programs of this folder are called with. Nothing is passed over: an option that nobody knows is an error. */
import { nearest } from '../src/scenario/nearest.ts'

export interface Called<K extends string> { readonly files: readonly string[]; readonly options: ReadonlySet<K> }

/** Or what is wrong with it. */
export function commandLine<K extends string>(args: readonly string[], known: readonly K[]): Called<K> | { readonly wrong: string } {
  const given = args.filter((each) => each.startsWith('-'))
  const files = args.filter((each) => !each.startsWith('-'))
  const options = new Set<K>()
  for (const text of given) {
    const option = known.find((each) => each === text)
    if (option === undefined) {
      const meant = nearest(text, known)
      return { wrong: `${text} is no option${meant === undefined ? ` (there is ${known.join(' and ')})` : `; did you mean ${meant}?`}` }
    }
    options.add(option)
  }
  return files.length === 0 ? { wrong: 'no file was given' } : { files, options }
}
