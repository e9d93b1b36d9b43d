/** Requests that wait: parked at a broker, or unread in a socket. */
import { fromMs, type Micros } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Broker, Forwarded, ParkedFetch, ParkedProduce } from '../kafka/broker/state.ts'
import { sharePart } from '../kafka/parts.ts'
import { apiOf } from '../kafka/protocol/admin.ts'
import { isInternal } from './brokers.ts'
import type { Hues } from './cells.ts'
import type { WaitingView } from './cluster-view.ts'
import { describe } from './span.ts'
import { cellOf } from './cells.ts'

/** The other end of `b2>b1#replication/1`, seen from its `to`. */
const opener = (on: string): string => on.slice(0, on.indexOf('>'))

type Views = Record<string, WaitingView>

/** What has been seen before is taken from there: only what a produce waits for changes while it waits. */
export function waitingViews(world: World, name: string, broker: Broker, hues: Hues, before: Readonly<Views>): Views {
  const views: Views = {}
  for (const parked of broker.parked.fetches.values()) {
    const key = `${name}/fetch/${parked.id}`
    const view = before[key]?.since === parked.since ? before[key] : parkedFetch(name, key, parked)
    if (view !== undefined) views[key] = view
  }
  for (const parked of broker.parked.produces.values()) {
    const key = `${name}/produce/${parked.id}`
    const { partition, required } = parked.waiting[0] ?? {}
    const known = before[key]
    const isSame = known !== undefined && known.since === parked.since && known.partition === partition && known.needs.value === required
    views[key] = isSame ? known : parkedProduce(name, key, parked, hues)
  }
  for (const { since, at, on, message } of broker.slowWrites ?? []) {
    if (message.type !== 'ProduceRequest') continue
    const key = `${name}/disk/${on}`
    const { partition, records } = describe(message, hues)
    views[key] = before[key]?.until === at ? before[key] : { key, broker: name, from: opener(on), api: 'Produce', partition, kind: 'parked', since, until: at, records, needs: { what: 'disk', value: undefined } }
  }
  if (broker.share !== undefined) {
    for (const { id, on, since, until, partition } of sharePart().calls(broker.share)) {
      const key = `${name}/share/${id}`
      views[key] = before[key] ?? { key, broker: name, from: opener(on), api: 'ShareFetch', partition, kind: 'parked', since, until, records: [], needs: { what: 'data', value: undefined } }
    }
  }
  for (const forwarded of broker.forwarding.waiting) {
    if (forwarded.of === 'self' || forwarded.on === undefined) continue
    const key = `${name}/forward/${forwarded.on}`
    views[key] = before[key]?.until === forwarded.until ? before[key] : waitsForController(name, key, forwarded.on, forwarded)
  }
  for (const wire of world.connections.values()) {
    if (wire.to !== name) continue
    for (const { seq, body, sentAt } of wire.there.inbox) inSocket(views, before, name, wire.from, seq, body, sentAt, hues)
  }
  const node = world.nodes.get(name)
  if (node?.condition === 'frozen') {
    for (const { kind, on, seq, body, sentAt } of node.waiting) if (kind === 'message' || kind === 'read') inSocket(views, before, name, opener(on), seq, body, sentAt, hues)
  }
  return views
}

function parkedFetch(name: string, key: string, { on, request, since, until }: ParkedFetch): WaitingView | undefined {
  const data = request.partitions.find(({ partition }) => !isInternal(partition))
  if (data === undefined) return undefined
  return {
    key, broker: name, from: opener(on), api: 'Fetch', partition: data.partition, kind: 'parked', since, until, records: [],
    needs: { what: 'data', value: data.fetchOffset },
  }
}

function parkedProduce(name: string, key: string, { on, since, until, waiting }: ParkedProduce, hues: Hues): WaitingView {
  const first = waiting[0]
  return {
    key, broker: name, from: opener(on), api: 'Produce', partition: first?.partition, kind: 'parked', since, until,
    records: first === undefined ? [] : first.batch.records.map((record, index) => cellOf(record, first.answer.baseOffset + index, first.leaderEpoch, first.answer.baseOffset, hues)),
    needs: { what: 'highWatermark', value: first?.required },
  }
}

/** What only the active controller can decide waits for one, so long at most. Follows BrokerServer: `retryTimeoutMs`. */
const FORWARDED_FOR: Micros = fromMs(60_000)

function waitsForController(name: string, key: string, on: string, { request, until }: Extract<Forwarded, { of: 'client' }>): WaitingView {
  const partition = 'partition' in request ? request.partition : undefined
  return {
    key, broker: name, from: opener(on), api: apiOf(request), partition, kind: 'parked', since: until - FORWARDED_FOR, until, records: [],
    needs: { what: 'controller', value: undefined },
  }
}

function inSocket(
  views: Views, before: Readonly<Views>, name: string, from: string, seq: number, body: { readonly type: string }, since: number, hues: Hues,
): void {
  const key = `${name}/socket/${seq}`
  const known = before[key]
  if (known !== undefined) {
    views[key] = known
    return
  }
  const { api, part, partition, records, weight } = describe(body, hues)
  if (part !== 'request' || weight === 'beat') return
  views[key] = { key, broker: name, from, api, partition, kind: 'socket', since, until: undefined, records, needs: { what: 'data', value: undefined } }
}
