/** Targets of actions: names stand for themselves, selectors for whoever it is at the moment the action fires. */
import type { World } from '../engine/world.ts'
import { nodeName } from '../kafka/broker/state.ts'
import { controllerOf, quorumLeaderOf, transactionOf } from '../kafka/look.ts'
import { selectorOf } from './selectors.ts'
import { coordinatorOf, ownerOf } from './groups.ts'

/** Nobody: an empty list. */
export function resolveTarget(world: World, target: string): readonly string[] {
  const selector = selectorOf(target)
  if (selector === undefined) return world.nodes.has(target) ? [target] : []
  const [first = '', second = ''] = selector.args
  switch (selector.name) {
    case 'leader': return leaderOf(world, first)
    case 'followers': return followersOf(world, first)
    case 'follower': return followersOf(world, first).slice(0, 1)
    case 'controller': return controllers(world, first === 'active')
    case 'coordinator': return some(coordinatorOf(world, first))
    case 'txnCoordinator': return some(transactionOf(world, first).coordinator)
    case 'owner': return some(ownerOf(world, first, second))
    case 'rack': return [
      ...(controllerOf(world)?.committed.brokers.values() ?? []),
    ].filter(({ rack }) => rack === first).map(({ name }) => name)
    default: return []
  }
}

const some = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name])

function leaderOf(world: World, partition: string): readonly string[] {
  const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader
  return leader === undefined || leader < 0 ? [] : [nodeName(leader)]
}
function followersOf(world: World, partition: string): readonly string[] {
  const registration = controllerOf(world)?.committed.partitions.get(partition)
  return registration === undefined ? [] : registration.replicas.filter((id) => id !== registration.leader).map(nodeName)
}
/** A controller that is down is neither; a follower follows whoever leads. */
function controllers(world: World, active: boolean): readonly string[] {
  const leader = quorumLeaderOf(world)?.spec.name
  if (active) return some(leader)
  const found: string[] = []
  for (const [name, { kind, condition }] of world.nodes) if (kind === 'controller' && condition !== 'down' && name !== leader) found.push(name)
  return found.slice(0, 1)
}
