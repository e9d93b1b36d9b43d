/** Sinks, as seen. They are looked up by whoever sees machines and messages: importing this file is enough. */
import { between } from '../base/chunks.ts'
import type { Tagged } from '../engine/process.ts'
import type { Node } from '../engine/world.ts'
import type { EffectRequest, EffectResponse } from '../sink/effects.ts'
import type { Effect, Sink } from '../sink/sink.ts'
import { cellOf, type Hues } from './cells.ts'
import type { Cell, SinkEntry, SinkView } from './cluster-view.ts'
import { lateViews } from './late-views.ts'
import type { SpanDetail } from './span-detail.ts'

/** So many of the newest are shown. */
const SHOWN = 16

const entries = new WeakMap<Effect, { readonly hues: Hues; readonly cell: Cell }>()
function cellOfEffect(effect: Effect, hues: Hues): Cell {
  const made = entries.get(effect)
  if (made?.hues === hues) return made.cell
  const cell = cellOf(effect, effect.offset, effect.epoch, effect.offset, hues)
  entries.set(effect, { hues, cell })
  return cell
}

function sinkView(name: string, { state, disk, config, condition, since }: Node, hues: Hues): SinkView {
  const { effect, identity, dedupe, of } = config as Sink['config']
  const { made, known, refused } = (state ?? disk) as Pick<Sink, 'made' | 'known' | 'refused'>
  const last = [...between(made, made.length - SHOWN)].map((each): SinkEntry => ({
    cell: cellOfEffect(each, hues), identity: each.identity, partition: each.partition, client: each.client, nth: each.nth, refused: known.get(each.identity)?.refused ?? 0,
  }))
  return { role: 'sink', toy: name, name, condition, since, effect, identity, dedupe, of, made: made.length, distinct: known.size, refused: refused.length, last }
}

const noRecords: readonly Cell[] = Object.freeze([])
function asked(plain: SpanDetail, message: Tagged, hues: Hues): SpanDetail {
  const request = message as EffectRequest
  return Object.freeze({
    ...plain, weight: 'data', toy: true, partition: request.partition, partitions: 1, offset: request.offset, records: Object.freeze([cellOf(request, request.offset, request.epoch, request.offset, hues)]),
    fields: Object.freeze([['attempt', String(request.attempt)]] as const),
  })
}
const answered = (plain: SpanDetail, message: Tagged): SpanDetail =>
  Object.freeze({ ...plain, weight: 'data', toy: true, ack: (message as EffectResponse).outcome === 'made', records: noRecords, fields: Object.freeze([['outcome', (message as EffectResponse).outcome]] as const) })

lateViews.machines['sink'] = sinkView
Object.assign(lateViews.messages, { EffectRequest: asked, EffectResponse: answered })
