/** Who sent how much to whom in the last while: counted from the messages that arrived, so nothing flows that was not sent. */
import type { Micros } from '../base/units.ts'
import type { Span } from '../projection/span-detail.ts'

export interface Flow {
  records: number
  bytes: number
}
export interface Traffic {
  /** Over so much of the run. */
  readonly over: Micros
  /** Records on their way in, by producer and broker; out, by broker and consumer; copied, from leader to follower. */
  readonly written: ReadonlyMap<string, Flow>
  readonly read: ReadonlyMap<string, Flow>
  readonly copied: ReadonlyMap<string, Flow>
}
/** `site>b3` */
export const between = (from: string, to: string): string => `${from}>${to}`

const field = (span: Span, name: string): number => Number(span.detail.fields.find(([each]) => each === name)?.[1] ?? 0)

/** Of messages that arrived in (from, to]. */
export function trafficOf(spans: readonly Span[], from: Micros, to: Micros): Traffic {
  const written = new Map<string, Flow>(), read = new Map<string, Flow>(), copied = new Map<string, Flow>()
  for (const span of spans) {
    const { detail, arrivesAt } = span
    if (arrivesAt <= from || arrivesAt > to || span.fate !== 'arrives' || detail.records.length === 0) continue
    const isProduce = detail.api === 'Produce' && detail.part === 'request'
    if (!isProduce && !(detail.api === 'Fetch' && detail.part === 'response')) continue
    const table = isProduce ? written : span.traffic === 'replication' ? copied : read
    const key = between(span.from, span.to)
    let flow = table.get(key)
    if (flow === undefined) table.set(key, (flow = { records: 0, bytes: 0 }))
    flow.records += field(span, 'records')
    flow.bytes += field(span, 'bytes')
  }
  return { over: to - from, written, read, copied }
}

/** A second's worth. */
export const perSecond = (flow: Flow, over: Micros): Flow => (over <= 0 ? { records: 0, bytes: 0 } : { records: (flow.records * 1_000_000) / over, bytes: (flow.bytes * 1_000_000) / over })

/** Flows added up by what their ends are mapped to; undefined = it belongs to nobody here. */
export function gathered(flows: ReadonlyMap<string, Flow>, keyOf: (from: string, to: string) => string | undefined): Map<string, Flow> {
  const sums = new Map<string, Flow>()
  for (const [key, { records, bytes }] of flows) {
    const [from, to] = key.split('>') as [string, string]
    const into = keyOf(from, to)
    if (into === undefined) continue
    const sum = sums.get(into) ?? { records: 0, bytes: 0 }
    sums.set(into, { records: sum.records + records, bytes: sum.bytes + bytes })
  }
  return sums
}

export interface Ribbon {
  readonly key: string
  readonly from: number
  readonly to: number
  /** As thick as its share. */
  readonly width: number
}

/**
 * Where ribbons leave the bars on one side and meet the racks on the other, top to bottom in both orders. One scale for all.
 * `ends` are the middles and heights of bars and racks.
 */
export function ribbonsOf(
  bars: readonly { readonly key: string; readonly y: number; readonly h: number }[],
  racks: readonly { readonly key: string; readonly y: number; readonly h: number }[],
  flow: (bar: string, rack: string) => number,
  scale: number,
): readonly Ribbon[] {
  const total = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0)
  const widths = bars.map((bar) => racks.map((rack) => flow(bar.key, rack.key) * scale))
  const leave = bars.map((bar, i) => bar.y + (bar.h - total(widths[i]!)) / 2)
  const meet = racks.map((rack, k) => rack.y + (rack.h - total(widths.map((row) => row[k]!))) / 2)
  const ribbons: Ribbon[] = []
  bars.forEach((bar, i) => {
    racks.forEach((rack, k) => {
      const width = widths[i]![k]!
      if (width <= 0) return
      ribbons.push({ key: `${bar.key}>${rack.key}`, from: leave[i]! + width / 2, to: meet[k]! + width / 2, width })
      leave[i]! += width
      meet[k]! += width
    })
  })
  return ribbons
}
