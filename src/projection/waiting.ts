/** Requests that wait: parked at a broker, or unread in a socket. */
import type { World } from '../engine/world.ts'
import type { Broker, ParkedFetch, ParkedProduce } from '../kafka/broker/state.ts'
import { isInternal } from './brokers.ts'
import type { Hues } from './cells.ts'
import type { WaitingView } from './cluster-view.ts'
import { describe } from './span.ts'
import { cellOf } from './cells.ts'

/** The other end of `b2>b1#replication/1`, seen from its `to`. */
const opener = (on: string): string => on.slice(0, on.indexOf('>'))

export function waitingViews(world: World, name: string, broker: Broker, hues: Hues): Record<string, WaitingView> {
  const views: Record<string, WaitingView> = {}
  for (const parked of broker.parked.fetches.values()) {
    const view = parkedFetch(name, parked)
    if (view !== undefined) views[view.key] = view
  }
  for (const parked of broker.parked.produces.values()) views[`${name}/produce/${parked.id}`] = parkedProduce(name, parked, hues)
  for (const wire of world.connections.values()) {
    if (wire.to !== name) continue
    for (const { seq, body, sentAt } of wire.there.inbox) inSocket(views, name, wire.from, seq, body, sentAt, hues)
  }
  const node = world.nodes.get(name)
  if (node?.condition === 'frozen') {
    for (const { kind, on, seq, body, sentAt } of node.waiting) if (kind === 'message' || kind === 'read') inSocket(views, name, opener(on), seq, body, sentAt, hues)
  }
  return views
}

function parkedFetch(name: string, { id, on, request, since, until }: ParkedFetch): WaitingView | undefined {
  const data = request.partitions.find(({ partition }) => !isInternal(partition))
  if (data === undefined) return undefined
  return {
    key: `${name}/fetch/${id}`, broker: name, from: opener(on), api: 'Fetch', partition: data.partition, kind: 'parked', since, until, records: [],
    needs: { what: 'data', value: data.fetchOffset },
  }
}

function parkedProduce(name: string, { id, on, since, until, waiting }: ParkedProduce, hues: Hues): WaitingView {
  const first = waiting[0]
  return {
    key: `${name}/produce/${id}`, broker: name, from: opener(on), api: 'Produce', partition: first?.partition, kind: 'parked', since, until,
    records: first === undefined ? [] : first.batch.records.map((record, index) => cellOf(record, first.answer.baseOffset + index, first.leaderEpoch, first.answer.baseOffset, hues)),
    needs: { what: 'highWatermark', value: first?.required },
  }
}

function inSocket(views: Record<string, WaitingView>, name: string, from: string, seq: number, body: { readonly type: string }, since: number, hues: Hues): void {
  const { api, part, partition, records, weight } = describe(body, hues)
  if (part !== 'request' || weight === 'beat') return
  const key = `${name}/socket/${seq}`
  views[key] = { key, broker: name, from, api, partition, kind: 'socket', since, until: undefined, records, needs: { what: 'data', value: undefined } }
}
