/**
 * What a client believes about the cluster: it may be out of date, and only its own requests find out.
 * Follows clients/.../Metadata.java. A known leader epoch is never lowered, so old news cannot undo newer news.
 */
import type { Epoch, Micros, NodeId } from '../../base/units.ts'
import type { Context } from '../../engine/process.ts'
import { refreshesMetadata } from '../errors.ts'
import { exponentialBackoff } from '../network/backoff.ts'
import type { Fact } from '../notes.ts'
import type { MetadataResponse } from '../protocol/metadata.ts'
import type { CurrentLeader } from '../protocol/produce.ts'
import type { MetadataSettings } from './settings.ts'

/** Frozen. */
export interface Belief {
  /** undefined = no leader, as far as this client knows */
  readonly leader: string | undefined
  readonly epoch: Epoch
}

export interface ClientMetadata {
  readonly settings: MetadataSettings
  readonly bootstrap: readonly string[]
  /** Topics that are asked for. */
  topics: string[]
  /** Brokers of the last answer; none before the first one. */
  nodes: Map<NodeId, string>
  /** Partitions by topic, in order. Frozen lists. */
  partitionsOf: Map<string, readonly string[]>
  beliefs: Map<string, Belief>
  /** Raised by every answer and every leader learnt from an error. */
  version: number
  requested: boolean
  asking: boolean
  /** Failures in a row; answers in a row without news. */
  attempts: number
  equivalent: number
  lastSuccessAt: Micros | undefined
  /** No request before this moment. */
  backoffUntil: Micros
}

export const newMetadata = (bootstrap: readonly string[], topics: readonly string[], settings: MetadataSettings): ClientMetadata => ({
  settings, bootstrap, topics: topics.slice(), nodes: new Map(), partitionsOf: new Map(), beliefs: new Map(), version: 0, requested: true,
  asking: false,
  attempts: 0, equivalent: 0, lastSuccessAt: undefined, backoffUntil: 0,
})

/** Brokers that may be asked: those of the bootstrap list until an answer has named better ones. */
export const knownNodes = (metadata: ClientMetadata): readonly string[] =>
  (metadata.nodes.size > 0 ? [...metadata.nodes.values()] : metadata.bootstrap)

export function isKnown(metadata: ClientMetadata, node: string): boolean {
  if (metadata.nodes.size === 0) return metadata.bootstrap.includes(node)
  for (const name of metadata.nodes.values()) if (name === node) return true
  return false
}

export const leaderOf = (metadata: ClientMetadata, partition: string): string | undefined => metadata.beliefs.get(partition)?.leader
export const epochOf = (metadata: ClientMetadata, partition: string): Epoch => metadata.beliefs.get(partition)?.epoch ?? -1

/** Remembered beside the state, as long as the metadata is the same. */
const ledBy = new WeakMap<ClientMetadata, { readonly version: number; readonly partitions: Map<string, readonly string[]> }>()

export function partitionsLedBy(metadata: ClientMetadata, leader: string): readonly string[] {
  let known = ledBy.get(metadata)
  if (known?.version !== metadata.version) ledBy.set(metadata, (known = { version: metadata.version, partitions: byLeader(metadata) }))
  return known.partitions.get(leader) ?? NONE
}
const NONE: readonly string[] = Object.freeze([])

function byLeader({ beliefs }: ClientMetadata): Map<string, readonly string[]> {
  const lists = new Map<string, string[]>()
  for (const [partition, { leader }] of beliefs) {
    if (leader === undefined) continue
    const list = lists.get(leader)
    if (list === undefined) lists.set(leader, [partition])
    else list.push(partition)
  }
  return lists
}

export function requestUpdate(metadata: ClientMetadata): void {
  metadata.requested = true
}

export function addTopic(metadata: ClientMetadata, topic: string): void {
  if (metadata.topics.includes(topic)) return
  metadata.topics.push(topic)
  metadata.requested = true
}

/** When the next request is due; Infinity while one is out. */
export function refreshDueAt(metadata: ClientMetadata): Micros {
  if (metadata.asking) return Infinity
  if (metadata.requested || metadata.lastSuccessAt === undefined) return metadata.backoffUntil
  return Math.max(metadata.lastSuccessAt + metadata.settings.maxAge, metadata.backoffUntil)
}

/** An answer: take what is not older than what is known. */
export function handleMetadataResponse(metadata: ClientMetadata, response: MetadataResponse, from: string, ctx: Context<Fact>): void {
  metadata.asking = false
  metadata.requested = false
  metadata.attempts = 0
  metadata.equivalent++
  metadata.lastSuccessAt = ctx.now
  metadata.version++
  metadata.nodes = new Map(response.brokers.map(({ id, name }) => [id, name]))
  for (const topic of response.topics) {
    if (refreshesMetadata(topic.error)) metadata.requested = true
    if (topic.error !== 'NONE') continue
    metadata.partitionsOf.set(topic.name, Object.freeze(topic.partitions.map(({ partition }) => partition)))
    for (const { partition, error, leaderId, leaderEpoch } of topic.partitions) {
      if (refreshesMetadata(error)) metadata.requested = true
      believe(metadata, partition, leaderId, leaderEpoch, from, ctx)
    }
  }
  metadata.backoffUntil = ctx.now + backoff(metadata, Math.max(0, metadata.equivalent - 1), ctx)
}

function believe(metadata: ClientMetadata, partition: string, leaderId: NodeId, epoch: Epoch, from: string, ctx: Context<Fact>): void {
  const known = metadata.beliefs.get(partition)
  if (known !== undefined && epoch < known.epoch) return
  if (known === undefined || epoch > known.epoch) metadata.equivalent = 0
  const leader = metadata.nodes.get(leaderId)
  if (known !== undefined && known.leader === leader && known.epoch === epoch) return
  metadata.beliefs.set(partition, Object.freeze({ leader, epoch }))
  // What a client learns first is no news of the cluster.
  if (known !== undefined) ctx.note({ code: 'metadata.refreshed', client: ctx.self, partition, leader, epoch, from })
}

/** KIP-951: an error answer that names a newer leader is believed at once. True when it changed anything. */
export function learnLeader(
  metadata: ClientMetadata, partition: string, current: CurrentLeader | undefined, from: string, ctx: Context<Fact>,
): boolean {
  if (current === undefined) return false
  const known = metadata.beliefs.get(partition)
  if (known === undefined || current.leaderId < 0 || current.leaderEpoch <= known.epoch) return false
  if (!metadata.nodes.has(current.leaderId)) return false
  believe(metadata, partition, current.leaderId, current.leaderEpoch, from, ctx)
  metadata.version++
  return true
}

/** A connection is gone: what is believed may be out of date. A request that was out on it, or due, counts as failed. */
export function handleConnectionLost(metadata: ClientMetadata, wasAsked: boolean, ctx: Context): void {
  if (wasAsked || refreshDueAt(metadata) <= ctx.now) failed(metadata, ctx)
  metadata.requested = true
}

function failed(metadata: ClientMetadata, ctx: Context): void {
  metadata.asking = false
  metadata.attempts++
  metadata.equivalent = 0
  metadata.backoffUntil = ctx.now + backoff(metadata, metadata.attempts - 1, ctx)
}

const backoff = ({ settings }: ClientMetadata, attempts: number, ctx: Context): Micros =>
  exponentialBackoff(settings.retryBackoffMs, settings.retryBackoffMaxMs, attempts, ctx.random('metadata backoff'))
