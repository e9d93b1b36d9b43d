/** What came of the side effect of clients: what stands in their sink, and what their groups have moved past. */
import { at, between } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { ConsumerState } from '../kafka/client/consumer/state.ts'
import { consumerOf } from '../kafka/look.ts'
import type { Sink } from '../sink/sink.ts'
import { count, passOn, type AppAccount } from './apps.ts'
import { committedBy, type End } from './observe-clients.ts'
import type { Observed } from './observed.ts'
import { partReaders } from './part-readers.ts'
import type { AppSpec } from './types.ts'

/** What the sink has, and from where on its clients have read. What they wrote to another topic is dealt with. */
export function takeEffects(account: AppAccount, { id }: AppSpec, clients: readonly string[], world: World): void {
  const node = world.nodes.get(id)
  const sink = (node?.state ?? node?.disk) as Pick<Sink, 'made' | 'refused'> | undefined
  const before = account.taken.get(id) ?? 0
  for (const { identity, partition, offset } of sink === undefined ? [] : between(sink.made, before)) count(account, identity, false, partition, offset)
  account.taken.set(id, sink?.made.length ?? 0)
  account.refused = sink?.refused ?? 0
  for (const client of clients) {
    const book = consumerOf(world.nodes.get(client))?.notebook
    for (const [partition, offsets] of book?.returned ?? []) {
      const first = at(offsets, 0)
      if (first !== undefined) beginAt(account, partition, first)
    }
    passOn(account, client, book?.moved)
  }
}

/** The first offset that a client was given; what it reads later lies behind it, unless it is told otherwise. */
function beginAt({ partitions }: AppAccount, partition: string, offset: Offset): void {
  const part = partitions.get(partition)
  if (part === undefined) partitions.set(partition, { handled: new Set(), lowest: offset, highest: offset - 1 })
  else part.lowest = Math.min(part.lowest, offset)
}

/** How far the groups of these clients are done: a share group with what lies before its start offset. */
export function movedPast(observer: Observed, clients: readonly string[]): End {
  const { consumers = [], shareConsumers = [], transactional = [] } = observer.scenario.clients ?? {}
  const groups = [...new Set([...consumers, ...transactional].flatMap(({ id, group }) => (clients.includes(id) && group !== undefined ? [group] : [])))]
  const shares = [...new Set(shareConsumers.flatMap(({ id, group }) => (clients.includes(id) ? [group] : [])))]
  const committed = committedBy(observer, groups)
  return (partition) => Math.max(committed(partition), ...shares.map((group) => Number(partReaders.share?.(observer, group, 'startOffset', [partition]) ?? 0)))
}
/** None of them is given what was aborted. */
export const readCommitted = ({ world }: Observed, clients: readonly string[]): boolean =>
  clients.every((client) => (consumerOf(world.nodes.get(client)) as Partial<ConsumerState> | undefined)?.settings?.isolationLevel === 'read_committed')
