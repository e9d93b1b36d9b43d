/** What could stand where the line ends: commands, flags, and what the cluster has. */
import { configNames, configOf } from '../kafka/config.ts'
import type { Flag } from './parse.ts'
import { toolCalled, tools } from './tools.ts'

export interface Known { readonly topics: readonly string[]; readonly groups: readonly string[]; readonly brokers: readonly string[]; readonly files: readonly string[] }
export interface Completion {
  /** Where in the line that begins which is to be completed. */
  readonly from: number
  readonly items: readonly { readonly text: string; readonly kind: 'tool' | 'flag' | 'value' }[]
}

export function complete(line: string, known: Known): Completion {
  const from = line.lastIndexOf(' ') + 1
  const begun = line.slice(from)
  const before = line.slice(0, from).trim().split(/\s+/).filter((word) => word !== '')
  const offer = (kind: Completion['items'][number]['kind'], texts: readonly string[]): Completion =>
    ({ from, items: texts.filter((text) => text.startsWith(begun) && text !== begun).map((text) => ({ text, kind })) })
  const tool = toolCalled(before[0] ?? '')
  if (before.length === 0) return offer('tool', [...tools.map(({ name }) => name), 'help'])
  if (tool === undefined) return { from, items: [] }
  const last = before.at(-1)!
  const flag = last.startsWith('--') ? tool.flags.find(({ name }) => `--${name}` === last) : undefined
  if (flag?.takes !== undefined) return offer('value', valuesFor(flag, before, known))
  const used = new Set(before)
  const free = tool.flags.filter(({ name, many }) => many === true || !used.has(`--${name}`)).map(({ name }) => `--${name}`)
  if (begun.startsWith('-')) return offer('flag', free)
  const verbs = [...new Set((tool.verbs ?? []).map((verb) => verb.split(' ')).flatMap((words) => (words.slice(0, before.length - 1).every((word, i) => word === before[i + 1]) ? (words[before.length - 1] ?? []) : [])))]
  if (verbs.length > 0) return offer('value', verbs)
  if (tool.name === 'confluent' && before.length === 4) return offer('value', known.topics)
  return offer('flag', free)
}

function valuesFor({ name, takes }: Flag, before: readonly string[], known: Known): readonly string[] {
  if (typeof takes === 'object') return takes
  const ids = known.brokers.map((broker) => broker.slice(1))
  if (name === 'entity-name') return before.includes('brokers') ? ids : known.topics
  if (name.endsWith('json-file')) return known.files
  switch (takes) {
    case 'topic': return known.topics
    case 'group': return known.groups
    case 'server': return known.brokers.map((broker) => `${broker}:9092`)
    case 'broker': return ids
    case 'config': {
      const scope = before.includes('brokers') || before.includes('--broker') || before.includes('--broker-defaults') ? 'broker' : 'topic'
      return configNames.filter((config) => configOf(scope, config)?.modelled === true).map((config) => (name === 'delete-config' ? config : `${config}=`)).toSorted()
    }
    default: return []
  }
}

/** As far as all of them agree. */
export function common(texts: readonly string[]): string {
  let prefix = texts[0] ?? ''
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return prefix
}
