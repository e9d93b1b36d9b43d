/** Consumers, as seen: where they read, what they got, and what they believe. */
import type { World, Node } from '../engine/world.ts'
import { isWanted } from '../kafka/client/consumer/filter.ts'
import type { Read } from '../kafka/client/consumer/notebook.ts'
import type { ConsumerState } from '../kafka/client/consumer/state.ts'
import { sharePart } from '../kafka/parts.ts'
import { beliefsOf } from './beliefs.ts'
import { overridesOf, skewOf } from './brokers.ts'
import { cellOf, type Hues } from './cells.ts'
import type { Cell, ConsumerView } from './cluster-view.ts'

export function consumerView(world: World, name: string, node: Node, hues: Hues): ConsumerView {
  const state = node.state as ConsumerState | undefined
  const kept = (node.state ?? node.disk ?? {}) as Partial<ConsumerState>
  const config = node.config as ConsumerState['config']
  const book = kept.notebook
  return {
    ...skewOf(node), name, condition: state?.lifecycle === 'stopped' ? 'down' : state?.lifecycle === 'closing' ? 'stopping' : node.condition, group: config.group, state: stateOf(node, state),
    memberId: state === undefined || state.membership.memberId === '' ? undefined : state.membership.memberId, generation: state?.membership.generation ?? -1,
    assigned: state === undefined ? [] : [...state.positions.values()].map(({ partition, offset, committed, pausedUntil }) => ({ partition, position: offset, committed, ...(pausedUntil === undefined ? {} : { paused: true as const }) })),
    ...(node.kind === 'shareConsumer' ? { leases: state === undefined ? [] : sharePart().leases(state as never).map((held) => cellOf(held, held.offset, held.epoch, held.batch, hues)) } : {}),
    ...(kept.handlerDelay === undefined ? {} : { slower: kept.handlerDelay }),
    ...(config.threads === true ? { queued: state?.worker === undefined ? 0 : state.worker.queue.length - state.worker.done } : {}),
    processed: book?.handled.length ?? 0, fetchedBytes: book?.fetchedBytes ?? 0, lastRead: (book?.lastRead ?? []).map((read) => readCell(read, hues, config)),
    ...(config.filter === undefined ? {} : { filter: { keys: config.filter.keys, passedOver: book?.filtered?.length ?? 0, usedBytes: book?.usedBytes ?? 0 } }),
    believes: state === undefined ? [] : beliefsOf(world, state.metadata.beliefs), lastError: book?.lastError, overrides: overridesOf('consumer', kept.configs ?? config.configs),
  }
}

function stateOf(node: Node, state: ConsumerState | undefined): ConsumerView['state'] {
  if (node.condition === 'down' || state === undefined) return 'down'
  if (node.condition === 'frozen') return 'frozen'
  if (state.lifecycle === 'stopped') return 'stopped'
  if (state.lifecycle === 'failed') return 'fatal'
  return state.config.group === undefined || state.config.assign !== undefined || state.membership.state === 'stable' ? 'stable' : 'joining'
}

const readCells = new WeakMap<Read, Cell>()
function readCell(read: Read, hues: Hues, config: ConsumerState['config']): Cell {
  let cell = readCells.get(read)
  if (cell === undefined) {
    cell = cellOf(read, read.offset, read.epoch, read.batch, hues)
    if (!isWanted({ config }, read)) cell = Object.freeze({ ...cell, unwanted: true })
    readCells.set(read, cell)
  }
  return cell
}
