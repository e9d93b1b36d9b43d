/**
 * INV-T8: clients of a group that copy what they read in transactions. While none of these is under way, everything that the
 * group has committed to have read stands once in what it has written and committed. Records are told apart by key and value,
 * which a copy keeps.
 */
import { at, firstIndex } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Replica } from './broker/state.ts'
import { matchesKey } from './client/key-pattern.ts'
import type { ProducerState } from './client/producer/state.ts'
import type { Copying, Memory, Violation } from './invariants-memory.ts'
import { isControl, offsetOf, type RecordBatch } from './log/record.ts'
import { lastStableOffset } from './log/transactions.ts'
import { brokerOf, consumerOf, controllerOf, groupOf, transactionOf } from './look.ts'

/** `keys`: the only ones that they write on. */
interface Copiers { readonly group: string; readonly topic: string; readonly keys: string | undefined; readonly names: Set<string>; isPlain: boolean }

export function checkCopies(world: World, memory: Memory): Violation | undefined {
  for (const copiers of copiersOf(world)) {
    const { group } = copiers
    if (!copiers.isPlain || !memory.isWhole) memory.copying.set(group, 'unknown')
    let known = memory.copying.get(group)
    if (known === 'unknown' || !isAtRest(world, memory, copiers)) continue
    if (known === undefined) memory.copying.set(group, (known = { inputs: new Map(), outputs: new Map(), balance: new Map() }))
    if (!takeInputs(world, memory, copiers, known) || !takeOutputs(world, copiers, known)) memory.copying.set(group, 'unknown')
    else if (known.balance.size > 0) {
      const [record, count] = [...known.balance][0]!
      const [key, value] = JSON.parse(record) as readonly [string | null, string | null]
      memory.copying.set(group, 'unknown')
      return { id: 'INV-T8', what: `${group}: ${key ?? '-'}=${value ?? '-'} is committed in ${copiers.topic} ${count > 0 ? `${count} times more` : `${-count} times less`} than it was read` }
    }
  }
  return undefined
}

/** By group. Only who does nothing but copy, in transactions, can be held to it. */
function copiersOf({ nodes }: World): Iterable<Copiers> {
  const groups = new Map<string, Copiers>()
  for (const [name, { kind, config, state }] of nodes) {
    if (kind !== 'producer') continue
    const { reads, topic, transactional } = config as ProducerState['config']
    if (reads === undefined) continue
    let copiers = groups.get(reads.group)
    if (copiers === undefined) groups.set(reads.group, (copiers = { group: reads.group, topic, keys: reads.filter?.keys, names: new Set(), isPlain: true }))
    copiers.names.add(name)
    const settings = (state as Partial<ProducerState> | undefined)?.settings
    if (transactional !== true || reads.side !== undefined || topic !== copiers.topic || reads.filter?.keys !== copiers.keys || (settings !== undefined && settings.transactionalId === undefined)) copiers.isPlain = false
  }
  if (groups.size > 0) for (const node of nodes.values()) {
    const copiers = node.kind === 'consumer' ? groups.get(consumerOf(node)?.config?.group ?? '') : undefined
    if (copiers !== undefined) copiers.isPlain = false
  }
  return groups.values()
}

/** No transaction is open or being ended, and the group stands where it was told to. */
function isAtRest(world: World, memory: Memory, { group: id, names }: Copiers): boolean {
  const { group } = groupOf(world, id)
  if (group === undefined) return false
  for (const [partition, { offset }] of group.offsets) if (memory.standings.get(id)?.get(partition)?.told !== offset) return false
  for (const name of names) {
    const node = world.nodes.get(name)
    const transactionalId = ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.settings?.transactionalId
    if (transactionalId === undefined) return false
    const { coordinator, transaction } = transactionOf(world, transactionalId)
    if (coordinator === undefined || (transaction !== undefined && (transaction.pending !== undefined || !/^(?:Empty|Complete)/.test(transaction.metadata.state)))) return false
  }
  return true
}

const leaderOf = (world: World, partition: string): Replica | undefined => brokerOf(world, controllerOf(world)?.committed.partitions.get(partition)?.leader ?? -1)?.replicas.get(partition)

function count({ balance }: Copying, { key, value }: RecordBatch['records'][number], by: 1 | -1): void {
  const record = JSON.stringify([key ?? null, value ?? null])
  const after = (balance.get(record) ?? 0) + by
  if (after === 0) balance.delete(record)
  else balance.set(record, after)
}

/** Records that count, from one offset to before another; false = some may be gone by now. */
function walk(replica: Replica | undefined, from: Offset, to: Offset, take: (batch: RecordBatch, index: number) => void): boolean {
  if (replica === undefined || replica.log.startOffset > from || replica.log.config.compact) return from >= to && replica !== undefined
  const { batches, transactions: { aborted } } = replica.log
  for (let i = firstIndex(batches, ({ lastOffset }) => lastOffset >= from); i < batches.length; i++) {
    const batch = at(batches, i)!
    if (batch.baseOffset >= to) break
    if (isControl(batch) || aborted.some((txn) => txn.producerId === batch.producerId && txn.firstOffset <= batch.baseOffset && batch.baseOffset <= txn.lastOffset)) continue
    for (let j = 0; j < batch.records.length; j++) if (offsetOf(batch, j) >= from && offsetOf(batch, j) < to) take(batch, j)
  }
  return true
}

function takeInputs(world: World, { standings }: Memory, { group, keys }: Copiers, known: Copying): boolean {
  for (const [partition, { told, start }] of standings.get(group) ?? []) {
    if (told === undefined) continue
    const from = known.inputs.get(partition) ?? start
    if (from === undefined || from > told) return false
    // What its handler fails on is not written on, nor what it does not want.
    if (!walk(leaderOf(world, partition), from, told, ({ records }, i) => records[i]!.poison !== true && (keys === undefined || matchesKey(keys, records[i]!.key)) && count(known, records[i]!, -1))) return false
    known.inputs.set(partition, told)
  }
  return true
}

function takeOutputs(world: World, { topic, names }: Copiers, known: Copying): boolean {
  for (const partition of controllerOf(world)?.committed.topics.get(topic)?.partitions ?? []) {
    const replica = leaderOf(world, partition)
    const from = known.outputs.get(partition) ?? 0
    const to = replica === undefined ? from : lastStableOffset(replica.log.transactions, replica.highWatermark)
    if (replica === undefined || !walk(replica, from, to, ({ records, sender }, i) => names.has(sender) && count(known, records[i]!, 1))) return false
    known.outputs.set(partition, to)
  }
  return true
}
