/** INV-G1 to INV-G5: members, generations and epochs, at the coordinators of groups. */
import type { Node, World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import { stateOf, type ConsumerGroup } from './group/consumer/state.ts'
import type { Group } from './group/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import type { SentMessage } from './invariants-replication.ts'
import { consumerOf, controllerOf } from './look.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from './protocol/group.ts'

export function checkGroups(world: World, name: string, node: Node): Violation | undefined {
  if (node.kind !== 'broker' || node.state === undefined) return undefined
  const { coordinator } = node.state as Broker
  for (const group of coordinator.groups.values()) {
    const broken = checkOwners(name, group) ?? checkMembers(world, name, node.state as Broker, group)
    if (broken !== undefined) return broken
  }
  for (const group of coordinator.consumerGroups.values()) {
    const broken = checkConsumerGroup(name, group) ?? checkSettled(name, group)
    if (broken !== undefined) return broken
  }
  return undefined
}

function checkOwners(name: string, group: Group): Violation | undefined {
  const owners = new Map<string, string>()
  for (const { memberId, assignment } of group.members.values()) {
    for (const partition of assignment) {
      const other = owners.get(partition)
      if (other !== undefined) return { id: 'INV-G1', what: `${name}: ${partition} belongs to ${other} and ${memberId} in generation ${group.generation} of ${group.id}` }
      owners.set(partition, memberId)
    }
  }
  return undefined
}

/** This broker leads the partition by the newest record, and has heard of it: nobody else knows better. */
const isNewest = (world: World, { coordinator }: Broker, partition: string): boolean =>
  coordinator.partitions.get(partition) === controllerOf(world)?.committed.partitions.get(partition)?.leaderEpoch

/** INV-G3, of members that believe to be part of a complete generation. */
function checkMembers(world: World, name: string, broker: Broker, { id, partition, state, generation, members }: Group): Violation | undefined {
  if (state !== 'Stable' || !isNewest(world, broker, partition)) return undefined
  for (const { memberId, clientId } of members.values()) {
    const membership = consumerOf(world.nodes.get(clientId))?.membership
    if (membership?.memberId !== memberId || membership.state !== 'stable' || membership.generation === generation) continue
    return { id: 'INV-G3', what: `${name}: ${id} is stable in generation ${generation}, its member ${clientId} is in ${membership.generation}` }
  }
  return undefined
}

/** INV-G1 of the target, INV-G2 of what members hold on their way there, INV-G4 of the epochs. */
function checkConsumerGroup(name: string, { id, epoch, targetEpoch, target, members }: ConsumerGroup): Violation | undefined {
  const twice = (lists: Iterable<Iterable<string>>): string | undefined => {
    const seen = new Set<string>()
    for (const list of lists) {
      for (const partition of list) {
        if (seen.has(partition)) return partition
        seen.add(partition)
      }
    }
    return undefined
  }
  const given = twice(target.values())
  if (given !== undefined) return { id: 'INV-G1', what: `${name}: ${given} is meant for two members in epoch ${targetEpoch} of ${id}` }
  const held = twice([...members.values()].map(({ current }) => [...current.assigned.keys(), ...current.pendingRevocation.keys()]))
  if (held !== undefined) return { id: 'INV-G2', what: `${name}: two members of ${id} hold ${held}` }
  const ahead = [...members.values()].find(({ current }) => current.memberEpoch > targetEpoch)
  if (ahead !== undefined || targetEpoch > epoch) return { id: 'INV-G4', what: `${name}: epochs of ${id} are ${ahead?.current.memberEpoch ?? '-'}, ${targetEpoch}, ${epoch}` }
  return undefined
}

/** INV-G5: whether it is told to be at rest, and whether it is. */
function checkSettled(name: string, group: ConsumerGroup): Violation | undefined {
  const { id, epoch, targetEpoch, settledEpoch, unsettledSince, members } = group
  if (members.size === 0) return undefined
  const rests = epoch === targetEpoch && [...members.values()].every(({ current }) => current.state === 'STABLE' && current.memberEpoch === targetEpoch)
  const told = unsettledSince === undefined && settledEpoch === targetEpoch
  if (rests === told && rests === (stateOf(group) === 'Stable')) return undefined
  return { id: 'INV-G5', what: `${name}: ${id} is ${stateOf(group)}, ${told ? 'told' : 'not told'} to be at rest, with epochs ${epoch}, ${targetEpoch} and members ${[...members.values()].map(({ current }) => `${current.state} at ${current.memberEpoch}`).join()}` }
}

/** What a classic group is at its coordinator when a commit is sent there. */
function classicAt(world: World, name: string, group: string): { readonly group: Group; readonly term: string } | undefined {
  const node = world.nodes.get(name)
  const coordinator = node?.kind === 'broker' ? (node.state as Broker | undefined)?.coordinator : undefined
  const known = coordinator?.groups.get(group)
  if (known === undefined || (coordinator!.consumerGroups.get(group)?.members.size ?? 0) > 0) return undefined
  return { group: known, term: `${name}/${coordinator!.partitions.get(known.partition)}` }
}

export function noteCommitSent(world: World, { on, to, message }: SentMessage<OffsetCommitRequest>, { commits }: Memory): undefined {
  const { groupId, generationId } = message
  const known = classicAt(world, to, groupId)
  if (known === undefined) commits.delete(on)
  else commits.set(on, { group: groupId, generation: generationId, term: known.term, state: known.group.state, current: known.group.generation })
}

/** INV-G3, of a commit that was accepted some time between these two moments. */
export function noteCommitAnswered(world: World, { on, from, to, message }: SentMessage<OffsetCommitResponse>, { commits }: Memory): Violation | undefined {
  const sent = commits.get(on)
  commits.delete(on)
  const now = sent === undefined ? undefined : classicAt(world, from, sent.group)
  if (sent === undefined || now?.term !== sent.term || !message.partitions.some(({ error }) => error === 'NONE')) return undefined
  const { generation: current, state } = now.group
  const refuses = sent.generation < 0 ? sent.current === current && sent.state !== 'Empty' && state !== 'Empty' : sent.generation < sent.current || sent.generation > current
  return refuses ? { id: 'INV-G3', what: `${from} has accepted what ${to} committed for ${sent.group} as of generation ${sent.generation}: that was ${state} in ${sent.current} to ${current}` } : undefined
}
