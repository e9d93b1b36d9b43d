/**
 * What a scenario file may say: the whole of `kafka-scenario/v1`, also what this version cannot play yet, so that a file
 * that asks for more is told what is missing instead of "unknown key". The JSON Schema in `docs/` is made from this.
 * Keys that begin with `x-` are free everywhere; they are taken out before a file is held against this.
 */
import * as v from 'valibot'
import { action } from './format-actions.ts'
import { app, clients, toy } from './format-clients.ts'
import {
  brokerName, config, count, duration, keywords, list, mapping, name, offsets, optional, positive, record, replicas, slug, text, topicName,
  uniqueList,
} from './format-parts.ts'
import { assertion, step } from './format-steps.ts'

const matching = (pattern: RegExp, rule: string) => v.pipe(v.string(), v.regex(pattern, `rule:${rule}`))

const meta = mapping({
  author: optional(v.string()), minutes: optional(positive),
  level: optional(v.picklist(['beginner', 'intermediate', 'advanced', 'expert'])),
  lesson: optional(matching(/^[1-8]\.[1-9][b-z]?$/, 'lesson')), experiment: optional(matching(/^S[0-9]{2}$/, 'experiment')),
  challenge: optional(matching(/^C[0-9]{1,2}$/, 'challenge')), misconceptions: optional(list(matching(/^M[0-9]{1,2}$/, 'misconception'))),
  requires: optional(list(v.string())), refs: optional(list(v.string())), par: optional(count(1)), licence: optional(v.string()),
  // Why no real cluster can play it: it stops between two messages.
  simulatorOnly: optional(v.picklist(['momentaryStops'])),
})

const sim = mapping({
  recordBytes: optional(count(1)), hop: optional(duration), jitter: optional(duration), writeBack: optional(duration),
  requestCost: optional(duration), from: optional(duration), pace: optional(matching(/^(smart|true x[0-9]+(\.[0-9]+)?)$/, 'pace')),
  until: optional(duration), maxRecords: optional(count(1)),
})

const broker = mapping({
  id: brokerName, rack: optional(name), diskGB: optional(positive), logDirs: optional(count(1, 8)), config: optional(config),
})
const cluster = mapping({
  brokers: v.union([count(1, 100), v.pipe(v.array(broker), v.minLength(1, 'rule:notEmpty'), v.maxLength(100))]),
  controllers: optional(v.picklist([1, 3, 5], 'S010')), combined: optional(v.boolean()),
  features: optional(v.record(v.string(), count(0))), config: optional(config),
})

const topic = v.pipe(
  mapping({
    name: topicName, partitions: count(1, 5_000), replicationFactor: optional(count(1)), replicas: optional(replicas),
    config: optional(config),
    records: optional(v.union([list(record), mapping({ count: count(1), each: optional(record) })])),
  }),
  v.check((each) => !('replicationFactor' in each && 'replicas' in each), 'S017'),
  keywords({ not: { required: ['replicationFactor', 'replicas'] } }),
)
const group = mapping({ id: name, config: optional(config), committed: optional(offsets) })

const entries = {
  format: v.literal('kafka-scenario/v1'), id: slug, kind: v.picklist(['lesson', 'demo', 'challenge', 'sandbox', 'experiment']),
  title: text, summary: optional(text), watch: optional(text), languages: uniqueList(v.picklist(['en', 'ko'])), seed: count(0),
  kafka: optional(matching(/^4\.(x|[0-9]+)$/, 'kafka')), meta: optional(meta), sim: optional(sim), cluster,
  topics: optional(v.array(topic)),
  groups: optional(list(group)), clients: optional(clients), apps: optional(list(app)), toys: optional(list(toy)), steps: optional(list(step)),
  goal: optional(list(assertion)), forbid: optional(list(assertion)), expect: optional(list(assertion)),
  hints: optional(v.pipe(v.array(text), v.length(3, 'S015'), keywords({ minItems: 3, maxItems: 3 }))),
  solution: optional(list(mapping({ step: slug, do: list(action) }))),
}

export type FileData = v.InferOutput<v.StrictObjectSchema<typeof entries, string>>

const asks = (file: FileData): boolean => file.steps?.some((each) => each.do?.some((item) => 'ask' in item)) ?? false
const experimentOnly = ['watch'] as const
const notInExperiment = ['goal', 'forbid', 'hints', 'solution'] as const

/** The first key that an experiment must not have, or lacks; and what only an experiment has. */
export function experimentProblem(file: FileData): { key: string; what: 'forbidden' | 'missing' | 'onlyExperiment' } | undefined {
  if (file.kind !== 'experiment') {
    const key = experimentOnly.find((each) => each in file)
    return key === undefined ? undefined : { key, what: 'onlyExperiment' }
  }
  const forbidden = notInExperiment.find((each) => each in file)
  if (forbidden !== undefined) return { key: forbidden, what: 'forbidden' }
  const predicting = file.steps?.findIndex((each) => 'predict' in each) ?? -1
  if (predicting >= 0) return { key: `steps[${predicting}].predict`, what: 'forbidden' }
  const missing = ['summary', 'watch', 'expect'].find((each) => !(each in file))
  if (missing !== undefined) return { key: missing, what: 'missing' }
  return file.meta?.experiment === undefined ? { key: 'meta.experiment', what: 'missing' } : undefined
}

/** Which key a file of this kind lacks. */
export function missingKey(file: FileData): 'steps' | 'goal' | undefined {
  if (['lesson', 'demo', 'experiment'].includes(file.kind) && file.steps === undefined) return 'steps'
  return ['lesson', 'challenge'].includes(file.kind) && file.goal === undefined ? 'goal' : undefined
}
export const lacksSolution = (file: FileData): 'challenge' | 'ask' | undefined =>
  file.solution !== undefined || file.kind === 'experiment'
    ? undefined : file.kind === 'challenge' ? 'challenge' : asks(file) ? 'ask' : undefined

const ofKind = (...kinds: string[]) => ({ properties: { kind: { enum: kinds } } })
const conditions = [
  { if: ofKind('lesson', 'demo', 'experiment'), then: { required: ['steps'] } },
  { if: ofKind('lesson', 'challenge'), then: { required: ['goal'] } },
  { if: ofKind('challenge'), then: { required: ['solution'] } },
  {
    if: {
      required: ['steps'],
      properties: { steps: { contains: { required: ['do'], properties: { do: { contains: { required: ['ask'] } } } } } },
    },
    then: { required: ['solution'] },
  },
  {
    if: ofKind('experiment'),
    then: {
      required: ['summary', 'watch', 'meta', 'expect'],
      properties: {
        id: { pattern: '^s[0-9]{2}[a-z]?-' }, meta: { required: ['experiment'] }, goal: false, forbid: false, hints: false, solution: false,
        steps: { items: { properties: { predict: false } } },
      },
    },
    else: { properties: { watch: false } },
  },
]

/** Hold a file against the format. */
export const checkFormat = (data: unknown): { readonly file: FileData } | { readonly issues: readonly v.BaseIssue<unknown>[] } => {
  const result = v.safeParse(scenarioSchema, data)
  return result.success ? { file: result.output } : { issues: result.issues }
}

export const scenarioSchema = v.pipe(
  mapping(entries),
  v.check((file) => missingKey(file) === undefined, 'missingKey'),
  v.check((file) => lacksSolution(file) === undefined, 'S009'),
  v.check((file) => experimentProblem(file) === undefined, 'S016'),
  keywords({ allOf: conditions }),
)
