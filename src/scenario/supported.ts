/** What this version plays of the format. The rest parses, is checked, and is refused by the name of what is missing. */
import { ELR_FEATURE, TRANSACTION_FEATURE } from '../kafka/metadata/records.ts'
import type { Feature } from './features.ts'
import type { Path } from './findings.ts'
import type { FileData } from './format.ts'
import { allActions, type ActionData } from './names.ts'
import type { Tell } from './tell.ts'

/** Levels of features that differ from a new cluster's and are played. */
const isPlayed = (name: string, level: number): boolean => (name === ELR_FEATURE ? level <= 1 : name === TRANSACTION_FEATURE && (level === 1 || level === 2))

/** Releases whose semantics are those of this engine. */
const playedReleases: readonly string[] = ['4.x', '4.3']

export function checkSupported(file: FileData, tell: Tell): void {
  const refuse = (feature: Feature, what: string, path: Path, at: 'key' | 'value' = 'key'): void =>
    tell({ code: 'V503', args: { what, feature } }, path, at)
  /** The keys of `keys` that a mapping has. */
  const keysOf = (mapping: object | undefined, keys: Readonly<Record<string, Feature>>, path: Path): void => {
    for (const [key, feature] of Object.entries(keys)) if (mapping !== undefined && key in mapping) refuse(feature, key, [...path, key])
  }
  if (file.kafka !== undefined && !playedReleases.includes(file.kafka)) refuse('kafkaVersions', `kafka: ${file.kafka}`, ['kafka'], 'value')
  keysOf(file.sim, { requestCost: 'requestCost', maxRecords: 'storage' }, ['sim'])
  for (const [name, level] of Object.entries(file.cluster.features ?? {})) {
    if (!isPlayed(name, level)) refuse('featureLevels', `${name}: ${level}`, ['cluster', 'features', name])
  }
  file.clients?.consumers?.forEach((consumer, i) => {
    const path = ['clients', 'consumers', i]
    if (consumer.retry !== undefined) keysOf(consumer, { assign: 'retryTopics', polls: 'retryTopics', commits: 'retryTopics', onPoison: 'retryTopics' }, path)
    else if (consumer.onPoison === 'dead') refuse('retryTopics', 'onPoison: dead', [...path, 'onPoison'], 'value')
  })
  file.clients?.transactional?.forEach(({ onPoison }, i) => {
    if (onPoison === 'dead') refuse('retryTopics', 'onPoison: dead', ['clients', 'transactional', i, 'onPoison'], 'value')
  })
  file.apps?.forEach((app, i) => {
    keysOf(app, { processMs: 'slowMachines' }, ['apps', i])
  })
  for (const { action, path } of allActions(file)) checkAction(action, path, keysOf)
}

type KeysOf = (mapping: object | undefined, keys: Readonly<Record<string, Feature>>, path: Path) => void

function checkAction(action: ActionData, path: Path, keysOf: KeysOf): void {
  keysOf(action.slow, { requests: 'slowMachines' }, [...path, 'slow'])
}
