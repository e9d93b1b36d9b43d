/** The small parts of the format: names, durations, text, configs, records, targets. */
import * as v from 'valibot'
import { durationPattern, signedDurationPattern } from './duration.ts'

/**
 * A message that is a code of `findings.ts` names the mistake; one that begins with `rule:` names the rule that a text
 * must follow. `keywords` says in JSON Schema what a check says in code.
 */
export const keywords = <T>(schema: Record<string, unknown>) => v.metadata<T, Record<string, unknown>>(schema)
export const optional = v.exactOptional
/** A mapping with these keys and no others; what it refuses knows which they are. */
export const mapping = <E extends v.ObjectEntries>(entries: E) => v.strictObject(entries, `keys:${Object.keys(entries).join(' ')}`)
const texts = (pattern: RegExp, rule: string) => v.pipe(v.string(), v.regex(pattern, `rule:${rule}`))

export const slug = texts(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'slug')
export const name = texts(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'name')
export const brokerName = texts(/^b[1-9][0-9]*$/, 'broker')
export const nodeName = texts(/^[bk][1-9][0-9]*$/, 'node')
export const topicName = texts(/^[A-Za-z0-9._-]{1,249}$/, 'topic')
export const partitionName = texts(/^[A-Za-z0-9._-]{1,249}\/[0-9]+$/, 'partition')
export const statement = v.pipe(v.string(), v.minLength(1, 'rule:statement'))
export const duration = v.pipe(v.string('S002'), v.regex(durationPattern, 'S002'))
export const signedDuration = v.pipe(v.string('S002'), v.regex(signedDurationPattern, 'S002'))
export const count = (least: number, most?: number) => most === undefined
  ? v.pipe(v.number(), v.integer(), v.minValue(least)) : v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
export const positive = v.pipe(v.number(), v.gtValue(0))
export const notNegative = v.pipe(v.number(), v.minValue(0))
export const list = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.minLength(1, 'rule:notEmpty'))

const written = v.pipe(v.string(), v.minLength(1, 'rule:notEmpty'))
export const text = v.union([
  written,
  v.pipe(mapping({ en: optional(written), ko: optional(written) }),
    v.check((each) => Object.keys(each).length > 0, 'rule:notEmpty'), keywords({ minProperties: 1 })),
])
export const config = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))

const unique = <T>(items: readonly T[]): boolean => new Set(items).size === items.length
export const uniqueList = <S extends v.GenericSchema>(item: S) =>
  v.pipe(v.array(item), v.minLength(1, 'rule:notEmpty'), v.check((items) => unique(items), 'rule:unique'), keywords({ uniqueItems: true }))

const filled = (each: object): boolean => Object.keys(each).length > 0
export const replicas = v.pipe(v.record(texts(/^[0-9]+$/, 'partitionNumber'), uniqueList(brokerName)),
  v.check((each) => filled(each), 'rule:notEmpty'), keywords({ minProperties: 1 }))
export const offsets =
  v.pipe(v.record(partitionName, count(0)), v.check((each) => filled(each), 'rule:notEmpty'), keywords({ minProperties: 1 }))

export const record = mapping({
  key: optional(v.union([v.string(), v.null()])), value: optional(v.union([v.string(), v.null()])), partition: optional(count(0)),
  timestamp: optional(v.union([count(0), texts(/^[+-][0-9]+(\.[0-9]+)?(ms|s|m|h|d)$/, 'timestamp')])),
  headers: optional(v.record(v.string(), v.string())), bytes: optional(count(0)), poison: optional(v.boolean()),
})

const place = '[A-Za-z0-9._-]+/[0-9]+'
const named = '[A-Za-z_][A-Za-z0-9_.-]*'
export const selectorPattern = new RegExp(`^(leader|follower|followers)\\(${place}\\)$|^controller\\((active|standby)\\)$|`
  + `^(coordinator|txnCoordinator|rack)\\(${named}\\)$|^owner\\(${named}, ?${place}\\)$`)
const targetPattern = new RegExp(`^(${named}|(leader|follower|followers)\\(${place}\\)|controller\\((active|standby)\\)|`
  + `(coordinator|txnCoordinator|rack)\\(${named}\\)|owner\\(${named}, ?${place}\\))$`)
export const target = texts(targetPattern, 'target')
export const targets = v.union([target, list(target)])

/** Exactly one of these keys, or sets of keys. */
export const exactlyOne = (each: object, ...choices: readonly (readonly string[])[]): boolean =>
  choices.filter((keys) => keys.every((key) => key in each)).length === 1
export const oneOfKeys = (...choices: readonly (readonly string[])[]) => ({ oneOf: choices.map((required) => ({ required })) })
