/**
 * The place outside of Kafka, below the cluster: on the left the clients whose handlers write there, on the right a row for each
 * sink with what it has. All a pure function of what there is and the room.
 */
import type { ClusterView, NodeName, SinkView } from '../projection/cluster-view.ts'
import { bottomOf, centreY, clamp, rightOf, type Box, type Point } from './geometry.ts'
import { makeRoute, reversed, type Route } from './routes.ts'
import type { Wires } from './wires.ts'

export interface SinkStructure { readonly sinks: readonly { readonly name: NodeName; readonly of: readonly NodeName[] }[] }
export interface SinkRowFrame {
  readonly name: NodeName
  readonly box: Box
  /** Middle of the line of its name, of that of its figures, and of its entries. */
  readonly title: number; readonly figures: number; readonly entries: number
  /** Where entries may stand. */
  readonly from: number; readonly to: number
}
export interface SinkFrame {
  readonly box: Box
  readonly title: Point
  readonly clients: readonly { readonly name: NodeName; readonly box: Box }[]
  readonly rows: readonly SinkRowFrame[]
  readonly isNarrow: boolean
}

export const sinksOf = (view: Pick<ClusterView, 'toys'>): readonly SinkView[] => Object.values(view.toys).filter((each) => each.role === 'sink')
export const sinkStructure = (sinks: readonly SinkView[]): SinkStructure => ({ sinks: sinks.map(({ name, of }) => ({ name, of })) })

/** Below this width a row has its figures on a line of their own. */
const NARROW = 620
const head = 40
const gap = 8
const rowHeight = (narrow: boolean, snug: boolean): number => (narrow ? 92 : snug ? 64 : 72)
const clientHeight = 32
const clientsOf = ({ sinks }: SinkStructure): readonly NodeName[] => [...new Set(sinks.flatMap(({ of }) => of))]

/** How high it is; `snug`: there is little room. */
export function sinkHeight(structure: SinkStructure, width: number, snug: boolean): number {
  if (structure.sinks.length === 0) return 0
  const rows = structure.sinks.length * (rowHeight(width < NARROW, snug) + gap) - gap
  return head + Math.max(rows, clientsOf(structure).length * (clientHeight + gap) - gap) + 14
}

export function layoutSinks(structure: SinkStructure, width: number, top: number, snug: boolean): SinkFrame | undefined {
  if (structure.sinks.length === 0) return undefined
  const narrow = width < NARROW
  const pad = narrow ? 12 : width >= 880 ? 20 : 16
  const h = sinkHeight(structure, width, snug)
  const box: Box = { x: pad / 2, y: top + 4, w: width - pad, h: h - 8 }
  const inner = { x: pad + (narrow ? 2 : 8), y: top + head, w: width - 2 * pad - (narrow ? 4 : 16), h: h - head - 14 }
  const clients = clientsOf(structure)
  const w = narrow ? 62 : clamp(112, inner.w * 0.15, 150)
  const apart = narrow ? 26 : clamp(60, inner.w * 0.1, 110)
  const room = inner.h / clients.length
  const high = Math.min(narrow ? 36 : 44, room - 4)
  const row = rowHeight(narrow, snug)
  const x = inner.x + w + apart
  return {
    box, title: { x: box.x + 10, y: box.y + 15 }, isNarrow: narrow,
    clients: clients.map((name, i) => ({ name, box: { x: inner.x, y: inner.y + i * room + (room - high) / 2, w, h: high } })),
    rows: structure.sinks.map(({ name }, i) => {
      const y = inner.y + i * (row + gap)
      const own: Box = { x, y, w: inner.x + inner.w - x, h: row }
      const entries = bottomOf(own) - (narrow ? 20 : snug ? 18 : 21)
      return { name, box: own, title: y + 16, figures: narrow ? y + 40 : y + 16, entries, from: x + (narrow ? 8 : 12), to: rightOf(own) - (narrow ? 8 : 12) }
    }),
  }
}

/** From the edge of a client into each row that it writes to; answers run beside. */
export function sinkWires(frame: SinkFrame | undefined, { sinks }: SinkStructure): Wires {
  const routes = new Map<string, Route>()
  const put = (from: string, to: string, there: readonly Point[], back: readonly Point[]): void => {
    const route = makeRoute(from, to, there, 'start')
    routes.set(`${from}>${to}`, route)
    routes.set(`${to}>${from}`, reversed(makeRoute(from, to, back, 'start')))
  }
  const { clients = [], rows = [] } = frame ?? {}
  clients.forEach(({ name, box }, i) => rows.forEach((row, j) => {
    if (sinks[j]?.of.includes(name) !== true) return
    const spread = (k: number, count: number, room: number): number => (count === 1 ? 0 : (k / (count - 1) - 0.5) * room)
    const y = centreY(box) + spread(j, rows.length, Math.min(14, box.h / 2)) - 4
    const own = centreY(row.box) + spread(i, clients.length, Math.min(24, row.box.h / 2)) - 4
    const edge = rightOf(box)
    // The upper of a client's wires turns last going up, first going down: so its wires do not cross.
    const turn = edge + (row.box.x - edge) * clamp(0.25, 0.5 + (own < y ? 1 : -1) * 0.12 * (j - (rows.length - 1) / 2), 0.75)
    const way = (off: number): Point[] => (Math.abs(y - own) < 2 ? [{ x: edge, y: own + off }, { x: row.box.x, y: own + off }] : [{ x: edge, y: y + off }, { x: turn - (own < y ? -off : off), y: y + off }, { x: turn - (own < y ? -off : off), y: own + off }, { x: row.box.x, y: own + off }])
    put(name, row.name, way(0), way(9))
  }))
  return { route: (from, to) => routes.get(`${from}>${to}`), dock: () => undefined }
}
