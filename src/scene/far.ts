/**
 * A cluster seen from far: a rack is a row, a broker a card, a replica a small square in it; writers gathered at the left,
 * groups at the right. A pure function of what there is and the room, as the other layout is.
 */
import type { ClusterView, NodeName, PartitionName } from '../projection/cluster-view.ts'
import type { Box, Size } from './geometry.ts'

export interface FarBroker {
  readonly name: NodeName
  readonly box: Box
  /** Where its squares begin; they run in rows of so many. */
  readonly x0: number
  readonly y0: number
  /** Its replicas by topic and number: each partition's square is in the same order everywhere. */
  readonly hosts: readonly PartitionName[]
}
export interface FarRack {
  /** undefined = these brokers are in no rack. */
  readonly name: string | undefined
  /** Title and cards. */
  readonly box: Box
  readonly title: number
  readonly cards: Box
  readonly brokers: readonly FarBroker[]
}
/** Clients that do the same thing: producers of a topic, or members of a group. */
export interface FarClients {
  readonly kind: 'producers' | 'group' | 'consumers'
  /** The topic, the group, or the one client that it is. */
  readonly name: string
  readonly members: readonly NodeName[]
  /** Its bar: ribbons end at its inner edge. Where there is no room for ribbons it lies, and is as long as much flows. */
  readonly bar: Box
}
export interface FarFrame {
  readonly size: Size
  /** From square to square, and how many stand side by side. */
  readonly pitch: number
  readonly columns: number
  readonly racks: readonly FarRack[]
  readonly writers: readonly FarClients[]
  readonly readers: readonly FarClients[]
  readonly controllers: { readonly y: number; readonly x: number; readonly w: number }
  /** Below this width the clients stand in rows below the racks, and there are no ribbons. */
  readonly narrow: boolean
}

const titleHeight = 25
const rackGap = 11
const cardGap = 4
const cardPad = 5
/** Name of the broker and how many it leads, below the squares. */
const cardFoot = 19
const controllerHeight = 36
const pitches = [22, 18, 16, 14, 12, 11, 10, 9, 8, 7, 6.5, 6]
const narrowestCard = 44
const widestCard = 190
/** Of a side's clients so many rows; others are gathered in the last. */
const mostRows = 7
const narrowBelow = 620
/** A client's row there, and the title of each side. */
const clientRow = 34
const sideTitle = 26

export interface FarParts {
  readonly racks: readonly { readonly name: string | undefined; readonly brokers: readonly { readonly name: NodeName; readonly hosts: readonly PartitionName[] }[] }[]
  readonly writers: readonly Omit<FarClients, 'bar'>[]
  readonly readers: readonly Omit<FarClients, 'bar'>[]
}

const byNumber = (a: { readonly topic: string; readonly index: number }, b: { readonly topic: string; readonly index: number }): number =>
  a.topic === b.topic ? a.index - b.index : a.topic < b.topic ? -1 : 1

/** Racks by name, brokers by id; those in no rack come last. */
export function farParts(view: Pick<ClusterView, 'brokers' | 'partitions' | 'producers' | 'consumers' | 'groups'>): FarParts {
  const hosts = new Map<NodeName, PartitionName[]>()
  for (const { name, replicas, internal } of Object.values(view.partitions).toSorted(byNumber)) {
    if (internal) continue
    for (const broker of replicas) {
      const own = hosts.get(broker)
      if (own === undefined) hosts.set(broker, [name])
      else own.push(name)
    }
  }
  const racks = new Map<string | undefined, { name: NodeName; hosts: readonly PartitionName[] }[]>()
  for (const { name, rack } of Object.values(view.brokers).toSorted((a, b) => a.nodeId - b.nodeId)) {
    const row = racks.get(rack) ?? []
    row.push({ name, hosts: hosts.get(name) ?? [] })
    racks.set(rack, row)
  }
  const named = [...racks].toSorted(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : a < b ? -1 : 1))
  return { racks: named.map(([name, brokers]) => ({ name, brokers })), writers: writersOf(view), readers: readersOf(view) }
}

function writersOf({ producers }: Pick<ClusterView, 'producers'>): FarParts['writers'] {
  const topics = new Map<string, NodeName[]>()
  for (const { name, topic } of Object.values(producers)) topics.set(topic, [...(topics.get(topic) ?? []), name])
  return gathered([...topics].map(([topic, members]) => ({ kind: 'producers' as const, name: members.length === 1 ? members[0]! : topic, members })))
}

function readersOf({ groups, consumers }: Pick<ClusterView, 'groups' | 'consumers'>): FarParts['readers'] {
  const alone: NodeName[] = []
  const members = new Map<string, NodeName[]>(Object.keys(groups).map((name) => [name, []]))
  for (const { name, group } of Object.values(consumers)) {
    if (group === undefined) alone.push(name)
    else members.set(group, [...(members.get(group) ?? []), name])
  }
  const rows: Omit<FarClients, 'bar'>[] = [...members].map(([name, list]) => ({ kind: 'group' as const, name, members: list }))
  if (alone.length > 0) rows.push({ kind: 'consumers', name: alone.length === 1 ? alone[0]! : '', members: alone })
  return gathered(rows)
}

/** What does not fit is one row, without a name. */
function gathered(rows: readonly Omit<FarClients, 'bar'>[]): readonly Omit<FarClients, 'bar'>[] {
  if (rows.length <= mostRows) return rows
  const rest = rows.slice(mostRows - 1)
  return [...rows.slice(0, mostRows - 1), { kind: rest[0]!.kind, name: '', members: rest.flatMap(({ members }) => members) }]
}

export function layoutFar(parts: FarParts, size: Size): FarFrame {
  const narrow = size.width < narrowBelow
  const pad = narrow ? 12 : 20
  const side = narrow ? 0 : Math.max(98, Math.min(180, Math.round(size.width * 0.115)))
  const corridor = narrow ? 0 : Math.max(42, Math.min(120, Math.round(size.width * 0.056)))
  const left = side === 0 || parts.writers.length === 0 ? pad : pad + side + corridor
  const right = size.width - (side === 0 || parts.readers.length === 0 ? pad : pad + side + corridor)
  const room = Math.max(narrowestCard, right - left)
  const top = 8
  const plan = planCards(parts, room, size.height - top - controllerHeight)
  let y = top
  const racks = parts.racks.map((rack): FarRack => {
    const cardsY = y + titleHeight
    const brokers = rack.brokers.map(({ name, hosts }, i): FarBroker => {
      const box = { x: left + (i % plan.perRow) * (plan.cardWidth + cardGap), y: cardsY + Math.floor(i / plan.perRow) * (plan.cardHeight + cardGap), w: plan.cardWidth, h: plan.cardHeight }
      return { name, hosts, box, x0: box.x + (box.w - plan.columns * plan.pitch) / 2, y0: box.y + cardPad }
    })
    const rows = Math.max(1, Math.ceil(rack.brokers.length / plan.perRow))
    const cards = { x: left, y: cardsY, w: Math.min(plan.perRow, rack.brokers.length) * (plan.cardWidth + cardGap) - cardGap, h: rows * (plan.cardHeight + cardGap) - cardGap }
    const box = { x: left, y, w: room, h: titleHeight + cards.h }
    y += box.h + rackGap
    return { name: rack.name, box, title: box.y + titleHeight / 2 - 2, cards, brokers }
  })
  const end = Math.max(y - rackGap, top + 120)
  const below = end + controllerHeight
  const writers = narrow ? rowsOf(parts.writers, left, below, room) : placeClients(parts.writers, pad + side - 5, top + titleHeight, end)
  const readers = narrow ? rowsOf(parts.readers, left, below + heightOf(parts.writers), room) : placeClients(parts.readers, size.width - pad - side, top + titleHeight, end)
  const foot = narrow ? heightOf(parts.writers) + heightOf(parts.readers) : 0
  return {
    size: { width: size.width, height: Math.max(size.height, Math.ceil(below + foot)) }, pitch: plan.pitch, columns: plan.columns, racks,
    writers, readers,
    controllers: { x: left, y: end + controllerHeight / 2 + 2, w: room }, narrow,
  }
}

interface CardPlan {
  readonly pitch: number
  readonly columns: number
  readonly perRow: number
  readonly cardWidth: number
  readonly cardHeight: number
}

/** The largest squares with which all racks fit into the height; if none do, the smallest, and the stage scrolls. */
function planCards({ racks }: FarParts, width: number, height: number): CardPlan {
  const most = Math.max(1, ...racks.flatMap(({ brokers }) => brokers.map(({ hosts }) => hosts.length)))
  const longest = Math.max(1, ...racks.map(({ brokers }) => brokers.length))
  const perRow = Math.max(1, Math.min(longest, Math.floor((width + cardGap) / (narrowestCard + cardGap))))
  const cardWidth = Math.min(widestCard, (width + cardGap) / perRow - cardGap)
  let plan: CardPlan | undefined
  for (const pitch of pitches) {
    const columns = Math.max(1, Math.floor((cardWidth - 2 * cardPad) / pitch))
    const cardHeight = cardPad + Math.max(2, Math.ceil(most / columns)) * pitch + cardFoot
    plan = { pitch, columns, perRow, cardWidth, cardHeight }
    const needed = racks.reduce((sum, { brokers }) => sum + titleHeight + rackGap + Math.ceil(brokers.length / perRow) * (cardHeight + cardGap), 0)
    if (needed <= height) break
  }
  return plan!
}

/** One below the other, under the title of their side: words, and the bar beneath them. */
const rowsOf = (clients: readonly Omit<FarClients, 'bar'>[], x: number, top: number, w: number): readonly FarClients[] =>
  clients.map((each, i) => ({ ...each, bar: { x, y: top + sideTitle + i * clientRow + 20, w, h: 6 } }))
const heightOf = (clients: readonly unknown[]): number => (clients.length === 0 ? 0 : sideTitle + clients.length * clientRow)

/** Bars of equal height, apart, in the middle of the room. */
function placeClients(clients: readonly Omit<FarClients, 'bar'>[], x: number, top: number, end: number): readonly FarClients[] {
  const pitch = Math.min(96, (end - top) / Math.max(1, clients.length))
  const h = Math.max(30, pitch - 22)
  const from = top + Math.max(0, (end - top - pitch * clients.length) / 2) + (pitch - h) / 2
  return clients.map((each, i) => ({ ...each, bar: { x, y: from + i * pitch, w: 5, h } }))
}

/** Which square lies here, and whose. */
export function squareAt(frame: FarFrame, x: number, y: number): { readonly broker: FarBroker; readonly index: number } | undefined {
  for (const { brokers } of frame.racks) {
    for (const broker of brokers) {
      const { box } = broker
      if (x < box.x || x >= box.x + box.w || y < box.y || y >= box.y + box.h) continue
      const column = Math.floor((x - broker.x0) / frame.pitch), row = Math.floor((y - broker.y0) / frame.pitch)
      const index = row * frame.columns + column
      return column < 0 || column >= frame.columns || row < 0 || index >= broker.hosts.length ? undefined : { broker, index }
    }
  }
  return undefined
}

/** Its corner. */
export const squareOf = (frame: FarFrame, broker: FarBroker, index: number): { readonly x: number; readonly y: number } => ({
  x: broker.x0 + (index % frame.columns) * frame.pitch, y: broker.y0 + Math.floor(index / frame.columns) * frame.pitch,
})
