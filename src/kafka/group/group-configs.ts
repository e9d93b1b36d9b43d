/**
 * Configs of groups, of both protocols, and between which bounds a broker allows them; what is refused, in Kafka's words.
 * Follows group-coordinator/.../group/GroupConfig.java#validate; names and numbers are those of Kafka 4.3.1.
 */
import { addConfigs, configOf, isOutOfRange, numberOf, type ConfigSpec, type Overrides, type Scope } from '../config.ts'
import type { IncrementalAlterConfigsRequest } from '../protocol/admin.ts'
import { boundName, boundOf } from './group-setting.ts'

const acts = (scope: Scope, name: string, value: number, min: number, max?: number): ConfigSpec =>
  ({ name, scopes: [scope], type: 'int', default: value, modelled: true, min, ...(max === undefined ? {} : { max }) })

/** Of a group: its name, its default, what Kafka's own definition asks at least, and the least and most that a broker allows as it comes. */
const bounded: readonly (readonly [name: string, value: number, atLeast: number, min: number, max: number])[] = [
  ['consumer.session.timeout.ms', 45000, 1, 45000, 60000],
  ['consumer.heartbeat.interval.ms', 5000, 1, 5000, 15000],
  ['consumer.assignment.interval.ms', 1000, 0, 0, 15000],
  ['share.session.timeout.ms', 45000, 1, 45000, 60000],
  ['share.heartbeat.interval.ms', 5000, 1, 5000, 15000],
  ['share.record.lock.duration.ms', 30000, 1000, 15000, 60000],
  ['share.delivery.count.limit', 5, 2, 2, 10],
  ['share.partition.max.record.locks', 2000, 100, 100, 4000],
]

addConfigs(bounded.flatMap(([name, value, , min, max]) => [
  acts('group', name, value, min, max),
  ...(['min', 'max'] as const).map((side) => acts('broker', boundName(`group.${name}`, side), side === 'min' ? min : max, 0)),
]))

/** What a group would have then, of what it has by `jobs/share.session.timeout.ms`. */
export function groupConfigRefusal(before: ReadonlyMap<string, string> | undefined, { name = '', set, unset }: Pick<IncrementalAlterConfigsRequest, 'name' | 'set' | 'unset'>, broker: Overrides): string | undefined {
  const kept = [...before ?? []].flatMap(([key, value]) => (key.startsWith(`${name}/`) && !unset.includes(key.slice(name.length + 1)) ? [[key.slice(name.length + 1), value] as const] : []))
  return groupConfigProblem({ ...Object.fromEntries(kept), ...set }, broker)
}

/** Why this cannot be the configs of a group on such a broker; undefined = it can. */
export function groupConfigProblem(configs: Overrides, broker: Overrides): string | undefined {
  for (const name of Object.keys(configs)) if (configOf('group', name) === undefined) return `Unknown group config name: ${name}`
  return parseProblem(configs) ?? boundProblem(configs, broker) ?? sessionProblem(configs, broker)
}

/** ConfigDef#parse */
function parseProblem(configs: Overrides): string | undefined {
  for (const [name, value] of Object.entries(configs)) {
    const spec = configOf('group', name)!, says = (what: string): string => `Invalid value ${String(value)} for configuration ${name}: ${what}`
    if (spec.type === 'int') {
      if (!/^-?[0-9]+$/.test(String(value))) return says('Not a number of type INT')
      const least = bounded.find((one) => one[0] === name)?.[2] ?? 0
      if (Number(value) < least) return says(`Value must be at least ${least}`)
    } else if (!isOutOfRange(spec, value)) continue
    else if (spec.type === 'boolean') return says('Expected value to be either true or false')
    else if (name === 'share.auto.offset.reset') return says(`Invalid value \`${String(value)}\` for configuration ${name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`)
    else return says(`String must be one of: ${(spec.values ?? []).toReversed().join(', ')}`)
  }
  return undefined
}

/** In the order in which Kafka looks at them. */
const order = ['consumer.heartbeat.interval.ms', 'consumer.session.timeout.ms', 'consumer.assignment.interval.ms', 'share.heartbeat.interval.ms', 'share.session.timeout.ms', 'share.record.lock.duration.ms', 'share.delivery.count.limit', 'share.partition.max.record.locks'] as const
function boundProblem(configs: Overrides, broker: Overrides): string | undefined {
  for (const name of order) {
    const value = configs[name], of = `group.${name}`
    if (value === undefined) continue
    if (Number(value) < boundOf(broker, of, 'min')) return `${name} must be greater than or equal to ${boundName(of, 'min')}`
    if (Number(value) > boundOf(broker, of, 'max')) return `${name} must be less than or equal to ${boundName(of, 'max')}`
  }
  return undefined
}

function sessionProblem(configs: Overrides, broker: Overrides): string | undefined {
  const inForce = (name: string): number => Number(configs[name] ?? numberOf('broker', broker, `group.${name}`))
  for (const kind of ['consumer', 'share'] as const) {
    const session = `${kind}.session.timeout.ms`, heartbeat = `${kind}.heartbeat.interval.ms`
    if (inForce(session) <= inForce(heartbeat)) return `${session} must be greater than ${heartbeat}`
  }
  return undefined
}
