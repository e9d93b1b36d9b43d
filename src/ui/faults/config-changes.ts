/** Which settings a client has, what they are now, and whether Kafka would take another value. Pure. */
import type { ClusterView } from '../../projection/cluster-view.ts'

type ConfigValue = string | number | boolean
interface Spec {
  readonly name: string; readonly type: string; readonly default: ConfigValue | undefined; readonly modelled: boolean
  readonly min?: number; readonly max?: number; readonly values?: readonly string[]; readonly accepts?: (entry: string) => boolean
}
/** What is used of `kafka/config.ts`, which is loaded when a form opens. */
export interface Table {
  readonly configNames: readonly string[]
  readonly configOf: (scope: 'producer' | 'consumer', name: string) => Spec | undefined
  readonly isOutOfRange: (spec: never, value: ConfigValue) => boolean
}

export interface Setting {
  readonly name: string
  readonly value: string
  readonly default: string
  /** undefined: it is written freely. */
  readonly choices: readonly string[] | undefined
  readonly spec: Spec
}
export interface Change { readonly name: string; readonly value: string }
export type SettingProblem = { readonly expected: 'number' | 'value'; readonly min: number | undefined; readonly max: number | undefined; readonly choices: readonly string[] }

/** A transactional client reads as well, by these. */
const ofReaders = ['auto.offset.reset', 'isolation.level']

/** All that Kafka has for this client and the model acts on; what differs from the default first, then by name. */
export function settingsOf({ configNames, configOf }: Table, view: ClusterView, client: string): readonly Setting[] {
  const producer = view.producers[client]
  const overrides = new Map((producer ?? view.consumers[client])?.overrides.map(({ name, value }) => [name, value]))
  const scope = producer === undefined ? 'consumer' : 'producer'
  return configNames.flatMap((name): readonly Setting[] => {
    const spec = configOf(scope, name) ?? (producer?.transaction !== undefined && ofReaders.includes(name) ? configOf('consumer', name) : undefined)
    if (spec?.modelled !== true) return []
    const standard = String(spec.default ?? '')
    const isOpen = spec.accepts !== undefined || spec.type === 'list'
    const choices = spec.type === 'boolean' ? ['true', 'false'] : isOpen ? undefined : spec.values
    return [{ name, value: overrides.get(name) ?? standard, default: standard, choices, spec }]
  }).toSorted((a, b) => Number(overrides.has(b.name)) - Number(overrides.has(a.name)) || (a.name < b.name ? -1 : 1))
}

/** What Kafka would say against it, as a ConfigException; undefined = it would take it. */
export function problemOf({ isOutOfRange }: Table, settings: readonly Setting[], { name, value }: Change): SettingProblem | undefined {
  const setting = settings.find((each) => each.name === name)
  const text = value.trim()
  if (setting === undefined || text === setting.value || text === setting.default || !isOutOfRange(setting.spec as never, text)) return undefined
  const { type, min, max, values = [] } = setting.spec
  return { expected: ['int', 'long', 'double'].includes(type) ? 'number' : 'value', min, max, choices: values }
}

/** What is to be set, and what goes back to Kafka's default: nothing of what stays as it is. */
export function changedIn(settings: readonly Setting[], changes: readonly Change[]): { readonly set: Readonly<Record<string, string>>; readonly unset: readonly string[] } {
  const changed = changes.flatMap(({ name, value }) => {
    const setting = settings.find((each) => each.name === name)
    return setting === undefined || setting.value === value.trim() ? [] : [{ name, value: value.trim(), isDefault: setting.default === value.trim() }]
  })
  return {
    set: Object.fromEntries(changed.filter(({ isDefault }) => !isDefault).map(({ name, value }) => [name, value])),
    unset: changed.filter(({ isDefault }) => isDefault).map(({ name }) => name),
  }
}
