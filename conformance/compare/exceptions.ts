/** What two runs of a scenario cannot have in common, and why not: `exceptions.yaml`. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Compared } from './compare.ts'

export interface Exception {
  /** The scenario's id. */
  readonly experiment: string
  /** Its path, such as `group(g).assigned`; at every step, or at this one. */
  readonly observation: string
  readonly step?: string
  /** The class of Apache Kafka that makes it random, or keeps it to itself. */
  readonly class: string
  readonly reason: { readonly en: string; readonly ko: string }
}

export const MOST_EXCEPTIONS = 10

export function readExceptions(file: string): readonly Exception[] {
  const data = (parse(readFileSync(file, 'utf8')) ?? []) as unknown
  if (!Array.isArray(data)) throw new Error(`${file}: a list of exceptions is wanted`)
  return data.map((each: unknown, i) => checked(each, `${file}, exception ${i + 1}`))
}

const NEEDED = ['experiment', 'observation', 'class'] as const
const KNOWN: ReadonlySet<string> = new Set([...NEEDED, 'step', 'reason'])
function checked(data: unknown, where: string): Exception {
  const given = (data ?? {}) as { readonly [key: string]: unknown }
  const { en, ko } = (given['reason'] ?? {}) as { readonly en?: unknown; readonly ko?: unknown }
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
  for (const key of NEEDED) if (!isText(given[key])) throw new Error(`${where}: ${key} is missing`)
  if (!isText(en) || !isText(ko)) throw new Error(`${where}: reason is missing, in English or in Korean`)
  for (const name of Object.keys(given)) if (!KNOWN.has(name)) throw new Error(`${where}: ${name} is not known`)
  return data as Exception
}

const covers = ({ experiment, observation, step }: Exception, { scenario, path, step: at }: Compared): boolean =>
  experiment === scenario && observation === path && (step === undefined || step === at)

export interface Excepted {
  readonly compared: readonly Compared[]
  /** Nothing differs any more where they say that something must: they are to be struck out. */
  readonly idle: readonly Exception[]
}

/** Differences that an exception names are counted apart. */
export function withExceptions(compared: readonly Compared[], exceptions: readonly Exception[]): Excepted {
  const used = new Set<Exception>()
  const marked = compared.map((each): Compared => {
    const exception = each.outcome === 'differs' ? exceptions.find((one) => covers(one, each)) : undefined
    if (exception === undefined) return each
    used.add(exception)
    return { ...each, outcome: 'excepted' }
  })
  return { compared: marked, idle: exceptions.filter((each) => !used.has(each)) }
}
