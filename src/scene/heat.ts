/** What a replica is from far, and how it is drawn: a shape for each state, told apart without colour. */
import type { Micros } from '../base/units.ts'
import type { ClusterView, NodeName, PartitionView } from '../projection/cluster-view.ts'
import { squareOf, type FarBroker, type FarFrame } from './far.ts'

export type SquareState =
  /** leads: a filled square */
  | 'leads'
  /** follows and is in the ISR: a hollow one */
  | 'follows'
  /** follows, out of the ISR: hollow, with a stroke through it */
  | 'behind'
  /** of a partition whose ISR is smaller than min.insync.replicas: a ring round a dot */
  | 'underMin'
  /** of a partition that nobody leads: a ring */
  | 'offline'
  /** on a broker whose process is gone: a dotted one */
  | 'down'

export interface Square {
  readonly state: SquareState
  /** It leads, and the ISR lacks a replica: a corner is cut off. */
  readonly short: boolean
  /** It leads since not long ago. */
  readonly elected: boolean
}

/** So long an election is marked. */
export const RECENT: Micros = 15_000_000

export function squareStateOf(partition: PartitionView, broker: NodeName, down: boolean, at: Micros): Square {
  const { leader, online, isr, replicas, minIsr, leaderSince } = partition
  const leads = leader === broker
  const state = (): SquareState => {
    if (down) return 'down'
    if (leader === undefined || !online) return 'offline'
    if (isr.length < minIsr) return 'underMin'
    if (leads) return 'leads'
    return isr.includes(broker) ? 'follows' : 'behind'
  }
  const is = state()
  return { state: is, short: is === 'leads' && isr.length < replicas.length, elected: is === 'leads' && partition.leaderEpoch > 0 && at - leaderSince <= RECENT }
}

/** 0 = nothing, then up to 5 by its share of the most that any partition has. */
export const heatOf = (rate: number, most: number): number => (rate <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((rate / most) * 5)))

/** Of its square a partition fills more, the larger its log is. */
export const fillOf = (bytes: number, most: number): number => (most <= 0 || bytes >= most / 2 ? 1 : bytes >= most / 8 ? 0.8 : 0.6)

/** One path for all squares of a card that look the same. */
export type Layer = `heat${0 | 1 | 2 | 3 | 4 | 5}` | 'follows' | 'behind' | 'underMin' | 'offline' | 'down' | 'short' | 'elected'
export interface CardDrawing {
  readonly paths: readonly (readonly [layer: Layer, d: string])[]
  readonly leads: number
  readonly underMin: number
  readonly offline: number
}

export interface HeatInput {
  readonly view: Pick<ClusterView, 'brokers' | 'partitions' | 'replicas'>
  readonly at: Micros
  /** Of each partition's leader, in the last second. */
  readonly rates: ReadonlyMap<string, number>
  readonly mostRate: number
  readonly mostBytes: number
}

/** To a tenth: paths are compared as text. */
const n = (value: number): number => Math.round(value * 10) / 10

export function drawCard(frame: FarFrame, broker: FarBroker, { view, at, rates, mostRate, mostBytes }: HeatInput): CardDrawing {
  const paths = new Map<Layer, string>()
  const add = (layer: Layer, d: string): void => void paths.set(layer, (paths.get(layer) ?? '') + d)
  const down = view.brokers[broker.name]?.condition === 'down'
  const s = frame.pitch - (frame.pitch >= 10 ? 2.5 : 1.5)
  let leads = 0, underMin = 0, offline = 0
  broker.hosts.forEach((name, index) => {
    const partition = view.partitions[name]
    if (partition === undefined) return
    const corner = squareOf(frame, broker, index)
    const x = n(corner.x), y = n(corner.y), r = n(s / 2 - 0.6)
    const { state, short, elected } = squareStateOf(partition, broker.name, down, at)
    if (state === 'leads') {
      leads++
      const side = n(s * fillOf(view.replicas[`${name}@${broker.name}`]?.bytes ?? 0, mostBytes))
      const inset = n((s - side) / 2)
      add(`heat${heatOf(rates.get(name) ?? 0, mostRate)}` as Layer, `M${n(x + inset)} ${n(y + inset)}h${side}v${side}h${-side}z`)
      // The outline is whole even where the fill is small, so that a place is a place.
      if (side < s - 1) add('follows', outline(x, y, s))
      if (short) add('short', `M${n(x + s * 0.45)} ${n(y - 0.5)}H${n(x + s + 0.5)}V${n(y + s * 0.55)}z`)
      if (elected) add('elected', `${outline(x, y, s)}M${n(x + s / 2 - 0.9)} ${n(y + s / 2)}h1.8`)
    } else if (state === 'behind') add('behind', `${outline(x, y, s)}M${n(x + 0.5)} ${n(y + s - 0.5)}L${n(x + s - 0.5)} ${n(y + 0.5)}`)
    else if (state === 'underMin' || state === 'offline') {
      if (partition.leader === broker.name) leads++
      const ring = circle(x + s / 2, y + s / 2, r)
      add(state, state === 'offline' ? ring : `${ring}M${n(x + s / 2 - 0.9)} ${n(y + s / 2)}h1.8`)
      if (state === 'underMin') underMin++
      else offline++
    } else add(state, outline(x, y, s))
  })
  return { paths: [...paths], leads, underMin, offline }
}

const outline = (x: number, y: number, s: number): string => `M${n(x + 0.5)} ${n(y + 0.5)}h${n(s - 1)}v${n(s - 1)}h${n(1 - s)}z`
const circle = (x: number, y: number, r: number): string => `M${n(x - r)} ${n(y)}a${r} ${r} 0 1 0 ${n(2 * r)} 0a${r} ${r} 0 1 0 ${n(-2 * r)} 0`
