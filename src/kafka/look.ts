/** Looking into a world: the state of a machine, alive or as its disk keeps it. For observers; the model never looks. */
import type { World } from '../engine/world.ts'
import { nodeName, type Broker, type Replica } from './broker/state.ts'
import type { Controller } from './controller/state.ts'

/** A broker that runs or is frozen; undefined when its process is gone. */
export function brokerOf(world: World, id: number): Broker | undefined {
  const node = world.nodes.get(nodeName(id))
  return node?.kind === 'broker' && node.condition !== 'down' ? (node.state as Broker) : undefined
}

/** Its process runs: it can answer. */
export function isLive(world: World, id: number): boolean {
  const condition = world.nodes.get(nodeName(id))?.condition
  return condition === 'running' || condition === 'stopping'
}

/** A replica in memory, or on the disk of a broker that is down. */
export function replicaOf(world: World, partition: string, id: number): Replica | undefined {
  const node = world.nodes.get(nodeName(id))
  const kept = (node?.state ?? node?.disk) as Pick<Broker, 'replicas'> | undefined
  return kept?.replicas.get(partition)
}

/** The controller whose log counts: the first voter, or what is left of it. Simplified: there is never another. */
export function controllerOf(world: World): Pick<Controller, 'committed' | 'highWatermark' | 'log' | 'moments'> | undefined {
  const node = world.nodes.get('k1')
  return (node?.state ?? node?.disk) as Controller | undefined
}
