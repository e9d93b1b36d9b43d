/** INV-G6, INV-G7 and INV-G8: who is given what, when a generation is complete or a target has been computed. */
import type { World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import type { ConsumerGroup } from './group/consumer/state.ts'
import type { Group } from './group/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { consumerOf } from './look.ts'
import type { FactOf } from './notes.ts'
import { compareText, parsePartition } from './topic-partition.ts'

/** A member, by the name it keeps: of a static one that is its instance. */
interface Member { readonly name: string; readonly topics: readonly string[]; readonly given: readonly string[] }
/** By topic: how many partitions there are. */
type Counts = ReadonlyMap<string, number>

const groupAt = (world: World, node: string) => (world.nodes.get(node)?.state as Broker | undefined)?.coordinator

export function noteRebalanced(world: World, node: string, { group: id, protocol }: FactOf<'rebalance.finished'>): Violation | undefined {
  const group = protocol === 'consumer' ? undefined : groupAt(world, node)?.groups.get(id)
  if (group === undefined || group.members.size === 0) return undefined
  const members = [...group.members.values()].map(({ memberId, protocols, assignment }): Member =>
    ({ name: memberId, topics: protocols.find(({ name }) => name === group.protocol)?.topics ?? [], given: assignment }))
  const claims = claimsOf(group)
  const where = `${node}: ${id} in generation ${group.generation} by ${group.protocol}`
  const moving = new Set(group.protocol === 'cooperative-sticky' ? claims.keys() : [])
  const counts = countsOf(world, group)
  return (counts === undefined ? undefined : checkComplete(where, members, counts, moving))
    ?? checkBalance(where, members, group.protocol === 'range', counts)
    ?? (group.protocol === 'cooperative-sticky' ? checkHandover(where, members, claims) : undefined)
    ?? (group.protocol?.endsWith('sticky') === true && counts !== undefined ? checkSticky(where, members, claims, counts) : undefined)
}

/** What the leader has gone by; undefined = it cannot be asked. */
function countsOf(world: World, { members, leader }: Group): Counts | undefined {
  const from = consumerOf(world.nodes.get(members.get(leader ?? '')?.clientId ?? ''))?.membership?.assignedFrom
  if (from === undefined) return undefined
  return new Map(from.split(',').filter((each) => each !== '').map((each) => [each.slice(0, each.lastIndexOf(':')), Number(each.slice(each.lastIndexOf(':') + 1))]))
}

/** By partition: who has it by the claim of the newest generation; none where two claim it in one. */
function claimsOf({ members, protocol }: Group): Map<string, string> {
  const claims = new Map<string, { readonly member: string | undefined; readonly generation: number }>()
  for (const { memberId, protocols } of members.values()) {
    const { owned = [], generation = -1 } = protocols.find(({ name }) => name === protocol) ?? {}
    for (const partition of owned) {
      const other = claims.get(partition)
      if (other === undefined || generation > other.generation) claims.set(partition, { member: memberId, generation })
      else if (generation === other.generation) claims.set(partition, { member: undefined, generation })
    }
  }
  return new Map([...claims].flatMap(([partition, { member }]) => (member === undefined ? [] : [[partition, member] as const])))
}

/** INV-G6: everything that is subscribed to is given, and to who subscribes to it; `moving`: not before it has been given up. */
function checkComplete(where: string, members: readonly Member[], counts: Counts, moving: ReadonlySet<string>): Violation | undefined {
  const given = new Map(members.flatMap((member) => member.given.map((partition) => [partition, member] as const)))
  for (const [partition, { name, topics }] of given) {
    const { topic } = parsePartition(partition)
    if (!topics.includes(topic)) return { id: 'INV-G6', what: `${where}: ${name} is given ${partition}, and subscribes to ${topics.join()}` }
  }
  for (const topic of new Set(members.flatMap(({ topics }) => topics))) {
    for (let index = 0; index < (counts.get(topic) ?? 0); index++) {
      const partition = `${topic}/${index}`
      if (!given.has(partition) && !moving.has(partition)) return { id: 'INV-G6', what: `${where}: ${partition} is given to nobody` }
    }
  }
  return undefined
}

const areEqual = (members: readonly Pick<Member, 'topics'>[]): boolean => {
  const first = new Set(members[0]!.topics)
  return members.every(({ topics }) => topics.length === first.size && topics.every((topic) => first.has(topic)))
}

/** INV-G6: where all subscribe to the same, nobody has two more than another; by `range` of each topic. */
function checkBalance(where: string, members: readonly Member[], byTopic: boolean, counts: Counts | undefined): Violation | undefined {
  if (!areEqual(members) || counts === undefined) return undefined
  const lists = byTopic ? members[0]!.topics.map((topic) => members.map(({ given }) => given.filter((each) => parsePartition(each).topic === topic).length)) : [members.map(({ given }) => given.length)]
  const all = members[0]!.topics.reduce((sum, topic) => sum + (counts.get(topic) ?? 0), 0)
  // What is still being given up is nobody's: then it is balanced when that is over.
  if (members.reduce((sum, { given }) => sum + given.length, 0) < all) return undefined
  const uneven = lists.find((sizes) => Math.max(...sizes) - Math.min(...sizes) > 1)
  return uneven === undefined ? undefined : { id: 'INV-G6', what: `${where}: its members have ${uneven.join()} partitions` }
}

/** INV-G8: nobody is given what another still has by his own word. */
function checkHandover(where: string, members: readonly Member[], claims: ReadonlyMap<string, string>): Violation | undefined {
  for (const { name, given } of members) {
    for (const partition of given) {
      const owner = claims.get(partition)
      if (owner !== undefined && owner !== name) return { id: 'INV-G8', what: `${where}: ${partition} is given to ${name}, ${owner} has not given it up` }
    }
  }
  return undefined
}

/** INV-G7: no more is taken away than has to be so that all have the same. `had`: by partition, whose it was. */
function checkSticky(where: string, members: readonly Member[], had: ReadonlyMap<string, string>, counts: Counts): Violation | undefined {
  if (!areEqual(members)) return undefined
  const all = members[0]!.topics.reduce((sum, topic) => sum + (counts.get(topic) ?? 0), 0)
  const [least, extras] = [Math.floor(all / members.length), all % members.length]
  const owned = new Map(members.map(({ name }) => [name, 0]))
  const now = new Map(members.flatMap(({ name, given }) => given.map((partition) => [partition, name] as const)))
  let moved = 0
  for (const [partition, owner] of had) {
    const { topic, partition: index } = parsePartition(partition)
    if (!owned.has(owner) || !members[0]!.topics.includes(topic) || index >= (counts.get(topic) ?? 0)) continue
    owned.set(owner, owned.get(owner)! + 1)
    if (now.get(partition) !== owner) moved++
  }
  const sizes = [...owned.values()]
  const kept = sizes.reduce((sum, size) => sum + Math.min(size, least), 0) + Math.min(extras, sizes.filter((size) => size > least).length)
  const needed = sizes.reduce((sum, size) => sum + size, 0) - kept
  return moved <= needed ? undefined : { id: 'INV-G7', what: `${where}: ${moved} partitions have moved, ${needed} had to` }
}

/** Of a group of the consumer protocol: that a partition is not given before it is given up is INV-G2. */
export function noteTarget(world: World, node: string, { group: id, assignor }: FactOf<'target.computed'>, { targets }: Memory): Violation | undefined {
  const broker = world.nodes.get(node)?.state as Broker | undefined
  const group = broker?.coordinator.consumerGroups.get(id)
  if (broker === undefined || group === undefined || group.members.size === 0) return undefined
  const members = membersOf(group)
  const counts = new Map(members.flatMap(({ topics }) => topics.map((topic) => [topic, broker.metadata.topics.get(topic)?.partitions.length ?? 0] as const)))
  const where = `${node}: ${id} in epoch ${group.targetEpoch} by ${assignor}`
  // With other topics, or other subscriptions, more may have to move.
  const shape = areEqual(members) ? [...counts].map(([topic, count]) => `${topic}:${count}`).toSorted(compareText).join() : ''
  const before = targets.get(`${node} ${id}`)
  targets.set(`${node} ${id}`, { shape, target: new Map(members.map(({ name, given }) => [name, given])) })
  const had = new Map([...before?.target ?? []].flatMap(([name, given]) => given.map((partition) => [partition, name] as const)))
  return checkComplete(where, members, counts, new Set()) ?? checkBalance(where, members, assignor === 'range', counts)
    ?? (assignor === 'uniform' && shape !== '' && before?.shape === shape ? checkSticky(where, members, had, counts) : undefined)
}

/** Who has left has nothing any more, also when it is back before the next target is computed: then it is new. */
export function noteAdvanced(world: World, node: string, { group: id }: FactOf<'group.advanced'>, { targets }: Memory): undefined {
  const group = groupAt(world, node)?.consumerGroups.get(id)
  const before = targets.get(`${node} ${id}`)
  if (group === undefined || before === undefined) return
  const names = new Set(membersOf(group).map(({ name }) => name))
  targets.set(`${node} ${id}`, { ...before, target: new Map([...before.target].filter(([name]) => names.has(name))) })
}

const membersOf = ({ members, target }: ConsumerGroup): Member[] => [...members.values()].map(({ subscription: { memberId, instanceId, topics } }) =>
  ({ name: instanceId ?? memberId, topics, given: target.get(memberId) ?? [] }))
