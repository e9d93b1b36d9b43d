/**
 * What came of an application: all that the handlers of a group did with a topic; or, of the side effect of clients, what
 * stands in their sink. An index beside the world, as the ledger is: thrown away and made again at will.
 */
import { at, type Chunks } from '../base/chunks.ts'
import type { Micros, Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Handled, Passed } from '../kafka/client/consumer/notebook.ts'
import { consumerOf } from '../kafka/look.ts'
import { identityOf } from '../sink/effects.ts'
import type { AppSpec, Scenario } from './types.ts'

export interface AppAccount {
  readonly group: string
  /** Handlings; or rows, or mails that have gone out. With `dedupe` those of an identity that was not there yet. */
  processed: number
  identities: Set<string>
  /** Beyond the first of one identity. With `dedupe` there are none. */
  duplicates: number
  /** With `dedupe`: how often one was refused because it was there already. */
  refused: number
  /** Records handled, or that have had their effect, for the first time, after one that stands behind them. */
  outOfOrder: number
  partitions: Map<string, { readonly handled: Set<Offset>; lowest: Offset; highest: Offset }>
  /** How far each consumer's book has been read. */
  taken: Map<string, number>
}

export const newAppAccount = ({ id, group = id }: AppSpec): AppAccount => ({
  group, processed: 0, identities: new Set(), duplicates: 0, refused: 0, outOfOrder: 0, partitions: new Map(), taken: new Map(),
})

/** Take what the handlers have done since last time, in order of time. Of a side effect `app-effects` takes what its sink has. */
export function update(account: AppAccount, app: AppSpec, { clients }: Scenario, world: World): void {
  const fresh: { readonly handled: Handled; readonly at: Micros }[] = []
  const topics = new Set([app.reads ?? '', ...(clients?.consumers ?? []).filter(({ group }) => group === account.group).flatMap(({ retry }) => retry?.ladder?.map(({ topic }) => topic) ?? [])])
  for (const { id, group } of [...(clients?.consumers ?? []), ...(clients?.transactional ?? [])]) {
    if (group !== account.group) continue
    const book = consumerOf(world.nodes.get(id))?.notebook
    if (book === undefined) continue
    for (let i = account.taken.get(id) ?? 0; i < book.handled.length; i++) {
      const handled = at(book.handled, i)!
      if (topics.has(topicOf(handled.partition))) fresh.push({ handled, at: handled.at })
    }
    account.taken.set(id, book.handled.length)
    passOn(account, `${id}, moved`, book.moved)
    passOn(account, `${id}, filtered`, book.filtered)
  }
  fresh.sort((a, b) => a.at - b.at)
  for (const { handled } of fresh) take(account, app, handled)
}

const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('/'))

/** What went to another topic, or was not wanted, is dealt with, though not processed. */
export function passOn(account: AppAccount, key: string, list: Chunks<Passed> | undefined): void {
  if (list === undefined) return
  for (let i = account.taken.get(key) ?? 0; i < list.length; i++) {
    const { partition, offset } = at(list, i)!
    passed(account, partition, offset)
  }
  account.taken.set(key, list.length)
}

const take = (account: AppAccount, { identity = 'value', dedupe = false }: AppSpec, handled: Handled): void =>
  count(account, identityOf(handled, identity), dedupe, handled.partition, handled.offset)

export function count(account: AppAccount, identity: string, dedupe: boolean, partition: string, offset: Offset): void {
  const again = account.identities.has(identity)
  account.identities.add(identity)
  if (!again || !dedupe) account.processed++
  if (again && dedupe) account.refused++
  else if (again) account.duplicates++
  const part = account.partitions.get(partition)
  if (part !== undefined && !part.handled.has(offset) && offset < part.highest) account.outOfOrder++
  passed(account, partition, offset)
}

export function passed({ partitions }: AppAccount, partition: string, offset: Offset): void {
  let part = partitions.get(partition)
  if (part === undefined) partitions.set(partition, (part = { handled: new Set(), lowest: offset, highest: offset }))
  part.handled.add(offset)
  part.lowest = Math.min(part.lowest, offset)
  part.highest = Math.max(part.highest, offset)
}

/**
 * Records it never handled, though it has moved past them: by reading on, or by committing beyond. Of a side effect: records that
 * have none, though its clients were given them, or stood before them, and the group of one has committed beyond, or one behind
 * them has had its effect. What a unique key has refused is there, so it is not missed.
 */
export function missed(
  account: AppAccount, committed: (partition: string) => Offset, hidden: (partition: string, from: Offset, to: Offset) => number,
): number {
  let count = 0
  for (const [partition, { handled, lowest, highest }] of account.partitions) {
    const end = Math.max(highest + 1, committed(partition))
    count += end - lowest - handled.size - hidden(partition, lowest, end)
  }
  return count
}
