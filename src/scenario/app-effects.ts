/** What came of the side effect of clients, as statements speak of it: what stands in their sink, and what their groups have moved past. */
import { at, between } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { ConsumerState } from '../kafka/client/consumer/state.ts'
import { consumerOf } from '../kafka/look.ts'
import type { Sink } from '../sink/sink.ts'
import { count, missed, passed, passOn, type AppAccount } from './apps.ts'
import type { Value } from './expression.ts'
import { readGroup } from './observe-clients.ts'
import { hiddenBetween } from './observe-log.ts'
import { readShare } from './observe-share.ts'
import type { Observed } from './observed.ts'

export function readEffects(observer: Observed, account: AppAccount, sink: string, property: string, clients: readonly string[]): Value {
  takeEffects(account, sink, clients, observer.world)
  switch (property) {
    case 'processed': return account.processed
    case 'distinct': return account.identities.size
    case 'duplicates': return account.duplicates
    case 'refused': return account.refused
    case 'outOfOrder': return account.outOfOrder
    case 'missed': {
      const careful = readCommitted(observer, clients)
      return missed(account, movedPast(observer, clients), (partition, from, to) => hiddenBetween(observer, partition, from, to, careful))
    }
    default: return undefined
  }
}

/** What the sink has, and from where on its clients have read. What it refused is there already; what they wrote to another topic, or did not want, is dealt with. */
function takeEffects(account: AppAccount, name: string, clients: readonly string[], world: World): void {
  const node = world.nodes.get(name)!
  const { made, refused } = (node.state ?? node.disk) as Pick<Sink, 'made' | 'refused'>
  for (const { identity, partition, offset } of between(made, account.taken.get(name) ?? 0)) count(account, identity, false, partition, offset)
  for (const { partition, offset } of between(refused, account.refused)) passed(account, partition, offset)
  account.taken.set(name, made.length)
  account.refused = refused.length
  for (const client of clients) {
    const book = consumerOf(world.nodes.get(client))?.notebook
    for (const [partition, offsets] of book?.returned ?? []) {
      const first = at(offsets, 0)
      if (first !== undefined) beginAt(account, partition, first)
    }
    passOn(account, `${client}, moved`, book?.moved)
    passOn(account, `${client}, filtered`, book?.filtered)
  }
}

/** The first offset that a client was given; what it reads later lies behind it, unless it is told otherwise. */
function beginAt({ partitions }: AppAccount, partition: string, offset: Offset): void {
  const part = partitions.get(partition)
  if (part === undefined) partitions.set(partition, { handled: new Set(), lowest: offset, highest: offset - 1 })
  else part.lowest = Math.min(part.lowest, offset)
}

/** How far the groups of these clients are done: by what they have committed, and a share group with what lies before its start offset. */
function movedPast(observer: Observed, clients: readonly string[]): (partition: string) => number {
  const { consumers = [], shareConsumers = [], transactional = [] } = observer.scenario.clients ?? {}
  const groups = [...new Set([...consumers, ...transactional].flatMap(({ id, group }) => (clients.includes(id) && group !== undefined ? [group] : [])))]
  const shares = [...new Set(shareConsumers.flatMap(({ id, group }) => (clients.includes(id) ? [group] : [])))]
  return (partition) => Math.max(0, ...groups.map((group) => Number(readGroup(observer, group, 'committed', partition) ?? 0)), ...shares.map((group) => Number(readShare(observer, group, 'startOffset', [partition]) ?? 0)))
}

/** None of them is given what was aborted. */
const readCommitted = ({ world }: Observed, clients: readonly string[]): boolean =>
  clients.every((client) => (consumerOf(world.nodes.get(client)) as Partial<ConsumerState> | undefined)?.settings?.isolationLevel === 'read_committed')
