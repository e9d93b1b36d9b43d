declare module 'virtual:scenarios' {
  /** A string, or one string a language, as it stands in the file. */
  export type Words = string | { readonly en: string; readonly ko: string }

  export interface ScenarioEntry {
    /** Name of the file without its ending; links name scenarios by it. */
    readonly id: string
    readonly kind: 'lesson' | 'demo' | 'challenge' | 'sandbox' | 'experiment'
    /** Folder below scenarios/ it comes from. */
    readonly folder: string
    readonly title: Words
    /** Of an experiment; those of others are in `virtual:summaries`. */
    readonly summary?: Words
    /** `meta.lesson` of the file, such as "6.1"; absent outside the curriculum. */
    readonly lesson?: string
    readonly minutes?: number
    readonly level?: string | number
  }

  /** Every shipped scenario but the experiments, in teaching order. */
  export const index: readonly ScenarioEntry[]

  /** The file as plain data, fetched as a chunk of its own; not yet checked against the format. */
  export function load(id: string): Promise<unknown>
}

declare module 'virtual:summaries' {
  import type { Words } from 'virtual:scenarios'

  /** By id, of every shipped scenario but the experiments. */
  export const summaries: Readonly<Record<string, Words | undefined>>
}

declare module 'virtual:laboratory' {
  import type { ScenarioEntry } from 'virtual:scenarios'

  /** Every experiment, by number. */
  export const index: readonly ScenarioEntry[]

  export function load(id: string): Promise<unknown>
}

declare module 'virtual:scenario/*' {
  const scenario: unknown
  export default scenario
}
