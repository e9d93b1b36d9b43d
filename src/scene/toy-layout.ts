/**
 * The place of a toy, below the cluster: its senders, its broker, and a row for each reader with the inbox as slots. All a
 * pure function of what there is and the room.
 */
import type { ClusterView, NodeName, ToyBrokerView, ToyReaderView } from '../projection/cluster-view.ts'
import { bottomOf, centreX, centreY, clamp, rightOf, type Box, type Point } from './geometry.ts'
import { makeRoute, reversed, type Route } from './routes.ts'
import type { Wires } from './wires.ts'

export interface ToyStructure {
  readonly toy: NodeName
  readonly senders: readonly NodeName[]
  readonly readers: readonly { readonly name: NodeName; readonly places: number }[]
}
export interface ToyReaderFrame {
  readonly name: NodeName
  readonly box: Box
  /** Where its words begin, and how far they may go. */
  readonly words: { readonly x: number; readonly w: number }
  /** From the newest to the oldest: the one on the right is next. */
  readonly slots: readonly Box[]
  readonly atWork: Point & { readonly r: number }
  readonly tally: { readonly x: number; readonly w: number }
  /** Radius of a message in a slot. */
  readonly record: number
}
export interface ToyFrame {
  readonly toy: NodeName
  /** The outline of all of it. */
  readonly box: Box
  readonly title: Point
  readonly senders: readonly { readonly name: NodeName; readonly box: Box }[]
  readonly broker: Box
  readonly readers: readonly ToyReaderFrame[]
  readonly isNarrow: boolean
}

export const toysOf = (view: Pick<ClusterView, 'toys'>): readonly ToyBrokerView[] => Object.values(view.toys).filter((each) => each.role === 'broker')

export const toyStructure = (view: Pick<ClusterView, 'toys'>, { name, senders, readers }: ToyBrokerView): ToyStructure => ({
  toy: name, senders,
  readers: readers.map((reader) => ({ name: reader, places: (view.toys[reader] as ToyReaderView | undefined)?.places ?? 1 })),
})

/** Below this width senders stand above the broker instead of beside it. */
const NARROW = 620
const head = 40
const gap = 8
const rowHeight = (narrow: boolean, snug: boolean): number => (narrow ? 58 : snug ? 54 : 62)
const least = (narrow: boolean): number => (narrow ? 124 : 62)

/** How high the place of a toy is; `snug`: there is little room. */
export function toyHeight({ readers, senders }: ToyStructure, width: number, snug: boolean): number {
  const narrow = width < NARROW
  const rows = readers.length * rowHeight(narrow, snug) + (readers.length - 1) * gap
  return head + Math.max(rows, least(narrow), narrow ? 0 : senders.length * 62 - 8) + 14
}

export function layoutToy(structure: ToyStructure, width: number, top: number, snug: boolean): ToyFrame {
  const narrow = width < NARROW
  const pad = narrow ? 12 : width >= 880 ? 20 : 16
  const h = toyHeight(structure, width, snug)
  const box: Box = { x: pad / 2, y: top + 4, w: width - pad, h: h - 8 }
  const inner = { x: pad + (narrow ? 2 : 8), y: top + head, w: width - 2 * pad - (narrow ? 4 : 16), h: h - head - 14 }
  const { senders, broker, readersX } = narrow ? stacked(structure, inner) : beside(structure, inner)
  const row = rowHeight(narrow, snug)
  const readers = structure.readers.map(({ name, places }, i) => readerFrame(name, places, { x: readersX, y: inner.y + i * (row + gap), w: rightOf(inner) - readersX, h: row }, narrow))
  return { toy: structure.toy, box, title: { x: box.x + 10, y: box.y + 15 }, senders, broker, readers, isNarrow: narrow }
}

interface Left { readonly senders: ToyFrame['senders']; readonly broker: Box; readonly readersX: number }

function beside({ senders }: ToyStructure, inner: Box): Left {
  const w = clamp(112, inner.w * 0.15, 150)
  const apart = clamp(44, inner.w * 0.06, 70)
  const high = Math.min(inner.h, 62)
  const room = inner.h / senders.length
  return {
    senders: senders.map((name, i) => ({ name, box: { x: inner.x, y: inner.y + i * room + (room - Math.min(high, room - 4)) / 2, w, h: Math.min(high, room - 4) } })),
    broker: { x: inner.x + w + apart, y: inner.y, w: clamp(116, inner.w * 0.16, 160), h: inner.h },
    readersX: inner.x + w + apart + clamp(116, inner.w * 0.16, 160) + apart,
  }
}

function stacked({ senders }: ToyStructure, inner: Box): Left {
  const w = 96
  const each = Math.min(44, (inner.h * 0.42) / senders.length)
  const used = senders.length * each + (senders.length - 1) * 4
  return {
    senders: senders.map((name, i) => ({ name, box: { x: inner.x, y: inner.y + i * (each + 4), w, h: each } })),
    broker: { x: inner.x, y: inner.y + used + 20, w, h: inner.h - used - 20 },
    readersX: inner.x + w + 30,
  }
}

function readerFrame(name: NodeName, places: number, box: Box, narrow: boolean): ToyReaderFrame {
  const pad = narrow ? 8 : 12
  const tallyW = narrow ? 0 : clamp(96, box.w * 0.25, 132)
  const wordsW = narrow ? box.w - 2 * pad : clamp(70, box.w * 0.2, 116)
  const from = narrow ? box.x + pad : box.x + pad + wordsW + 6
  const to = rightOf(box) - pad - tallyW - (narrow ? 0 : 10)
  // One place more than there are slots, and a gap, for what is being worked on.
  const pitch = Math.min(29, (to - from - 12) / (places + 1.2))
  const size = pitch - 3
  const y = narrow ? bottomOf(box) - size - 7 : box.y + (box.h - size) / 2 + 6
  const end = from + places * pitch
  return {
    name, box, words: { x: box.x + pad, w: wordsW },
    slots: Array.from({ length: places }, (_, i) => ({ x: from + i * pitch, y, w: size, h: size })),
    atWork: { x: end + 11 + pitch * 0.6, y: y + size / 2, r: Math.min(16, size / 2 + 2) },
    tally: { x: rightOf(box) - pad - tallyW, w: tallyW },
    record: clamp(5, size / 2 - 2.5, 10.5),
  }
}

/** Where messages go: from senders to the broker, and from its edge into each reader's row; answers run beside. */
export function toyWires(frame: ToyFrame): Wires {
  const routes = new Map<string, Route>()
  const put = (from: string, to: string, there: readonly Point[], back: readonly Point[]): void => {
    const route = makeRoute(from, to, there, 'start')
    routes.set(`${from}>${to}`, route)
    routes.set(`${to}>${from}`, reversed(makeRoute(from, to, back, 'start')))
  }
  const { broker, toy, isNarrow } = frame
  for (const { name, box } of frame.senders) {
    if (isNarrow) {
      const x = centreX(box)
      put(name, toy, [{ x: x - 8, y: bottomOf(box) }, { x: x - 8, y: broker.y }], [{ x: x + 14, y: bottomOf(box) }, { x: x + 14, y: broker.y }])
      continue
    }
    const y = centreY(box)
    put(name, toy, [{ x: rightOf(box), y: y - 8 }, { x: broker.x, y: y - 8 }], [{ x: rightOf(box), y: y + 12 }, { x: broker.x, y: y + 12 }])
  }
  frame.readers.forEach(({ name, box }, i) => {
    const own = centreY(box) - 7
    const y = clamp(broker.y + 10, own, bottomOf(broker) - 22)
    const turn = rightOf(broker) + 10 + (i % 3) * 5
    const way = (off: number): Point[] => Math.abs(y - own) < 1
      ? [{ x: rightOf(broker), y: own + off }, { x: box.x, y: own + off }]
      : [{ x: rightOf(broker), y: y + off }, { x: turn, y: y + off }, { x: turn, y: own + off }, { x: box.x, y: own + off }]
    put(toy, name, way(0), way(18))
  })
  return { route: (from, to) => routes.get(`${from}>${to}`), dock: () => undefined }
}

export const toyWiresOf = (frames: readonly ToyFrame[]): Wires => {
  const all = frames.map(toyWires)
  return {
    route(from, to) {
      for (const each of all) {
        const route = each.route(from, to)
        if (route !== undefined) return route
      }
      return undefined
    },
    dock: () => undefined,
  }
}
