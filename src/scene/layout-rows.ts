/** The brokers' rows: which style the room allows, and where strips and quiet replicas stand in each. */
import type { PartitionName } from '../projection/cluster-view.ts'
import type { Columns } from './columns.ts'
import { clamp, type Box } from './geometry.ts'
import type { BrokerFrame, QuietFrame, RowMode, StripFrame, Variant } from './layout-types.ts'
import { byRoom, cellsFor, closedHeight, manyStyles, quietLine, rowStyles, type ManyStyle, type RowStyle } from './measures.ts'
import type { BrokerPart, Structure } from './structure.ts'

export interface RowPlan {
  readonly style: RowStyle
  readonly rows: readonly {
    readonly part: BrokerPart
    readonly mode: RowMode
    readonly shown: readonly PartitionName[]
    readonly quiet: readonly PartitionName[]
    readonly height: number
  }[]
  readonly gap: number
  readonly height: number
  readonly single: boolean
  readonly many: ManyStyle
}

/** `room` is what the rows and the gaps between them may take; the last resort is taken even if it is too high. */
export function planRows(
  structure: Structure,
  variant: Variant,
  wantsTopic: boolean,
  room: number,
  density: number,
  width: number,
): RowPlan {
  if (variant !== 'full') return plan(structure, focusOnly(structure), variant === 'home' ? rowStyles.home : rowStyles.phone, room)
  for (const shown of shownChoices(structure, wantsTopic)) {
    for (const each of manyStyles) {
      const severalStrips = plan(structure, shown, rowStyles.roomy, room, each)
      if (severalStrips.height <= room) return severalStrips
    }
  }
  const largest = width >= 1180 ? 0 : 1
  const fitting = byRoom.findIndex((name, i) => i >= largest && plan(structure, focusOnly(structure), rowStyles[name], room).height <= room)
  const index = clamp(0, (fitting < 0 ? byRoom.length - 1 : fitting) - density, byRoom.length - 1)
  return plan(structure, focusOnly(structure), rowStyles[byRoom[index]!], room)
}

const focusOnly = (structure: Structure): readonly PartitionName[] => (structure.focus === undefined ? [] : [structure.focus])

/** Sets of partitions worth drawing with cells, the richest first. */
function shownChoices(structure: Structure, wantsTopic: boolean): (readonly PartitionName[])[] {
  const choices: (readonly PartitionName[])[] = []
  const all = [...structure.topic, ...structure.others].toSorted()
  if (structure.brokers.length === 1 && all.length > 1) choices.push(all)
  if (structure.topic.length > 1 && (wantsTopic || structure.brokers.length === 1)) choices.push(structure.topic)
  return choices
}

function plan(
  structure: Structure,
  shown: readonly PartitionName[],
  style: RowStyle,
  room: number,
  many: ManyStyle = manyStyles[0]!,
): RowPlan {
  const single = shown.length <= 1
  const rows = structure.brokers.map((part) => {
    const mine = part.hosts.filter((each) => shown.includes(each))
    const quiet = style.name === 'home' || style.name === 'phone' ? [] : part.hosts.filter((each) => !shown.includes(each))
    const mode: RowMode = !single ? 'many' : mine.length === 0 && structure.brokers.length > 3 ? 'closed' : 'open'
    return { part, mode, shown: mine, quiet, height: heightOf(mode, mine.length, quiet.length, style, many) }
  })
  const bare = rows.reduce((sum, row) => sum + row.height, 0)
  const gaps = Math.max(0, rows.length - 1)
  const gap = gaps === 0 ? 0 : clamp(style.gap[0], Math.floor((room - bare) / gaps), style.gap[1])
  return { style, rows, gap, height: bare + gaps * gap, single, many }
}

function heightOf(mode: RowMode, strips: number, quiet: number, style: RowStyle, many: ManyStyle): number {
  const quietHeight = quiet > 0 && mode !== 'closed' ? quietLine : 0
  if (mode === 'closed') return closedHeight
  if (mode === 'many') return many.head + Math.max(1, strips) * many.pitch + many.foot + quietHeight
  return style.height + quietHeight
}

/** Boxes for a plan, top row first. */
export function placeRows(rows: RowPlan, columns: Columns, top: number, variant: Variant): BrokerFrame[] {
  const [x, w] = columns.brokers
  let y = top
  return rows.rows.map((row) => {
    const box: Box = { x, y, w, h: row.height }
    y += row.height + rows.gap
    return {
      name: row.part.name,
      rack: row.part.rack,
      box,
      mode: row.mode,
      style: rows.style,
      ...stripsOf(row, rows.style, rows.many, box, columns),
      ...buttonsOf(row.mode, rows.style, box, variant),
    }
  })
}

function stripsOf(
  row: RowPlan['rows'][number],
  style: RowStyle,
  many: ManyStyle,
  box: Box,
  columns: Columns,
): { readonly strips: StripFrame[]; readonly quiet: QuietFrame[]; readonly more: BrokerFrame['more'] } {
  const several = row.mode === 'many'
  const gutter = several ? manyGutter(row.shown) : columns.gutter
  const tray = several || (style.label === undefined && columns.tray < 60 && columns.tray > 6) ? 104 : columns.tray
  const { n, cw } = cellsFor(box.w - gutter - tray, style.name === 'home')
  const strips = row.shown.map((partition, i): StripFrame => {
    const y = several ? box.y + many.head + i * many.pitch : box.y + style.strip
    const sizes = several
      ? { h: many.strip, record: many.record, digit: many.digit }
      : { h: style.stripHeight, record: Math.min(style.record, cw / 2 - 3), digit: style.digit }
    return { partition, x0: box.x + gutter, y, cw, n, ...sizes }
  })
  return { strips, ...quietOf(row.quiet, row.mode, box, columns.gutter) }
}

/** Partition names stand left of their strips there; all rows of a stage share the longest name's gutter. */
const manyGutter = (shown: readonly PartitionName[]): number =>
  clamp(84, Math.round(46 + Math.max(0, ...shown.map((each) => each.length)) * 7.3), 160)

function quietOf(
  partitions: readonly PartitionName[],
  mode: RowMode,
  box: Box,
  gutter: number,
): { readonly quiet: QuietFrame[]; readonly more: BrokerFrame['more'] } {
  if (partitions.length === 0) return { quiet: [], more: undefined }
  const from = box.x + (mode === 'many' ? 16 : gutter + (mode === 'closed' ? 8 : 0))
  const end = box.x + box.w - (mode === 'closed' ? 40 : 14)
  const y = mode === 'closed' ? box.y + box.h / 2 : box.y + box.h - 16
  const slotsIn = (room: number): number => Math.max(1, Math.floor(room / quietPitch))
  const all = slotsIn(end - from) >= partitions.length
  const room = end - from - (all ? 0 : moreWidth)
  const fitting = all ? partitions.length : slotsIn(room)
  const w = Math.min(Math.floor(room / Math.max(fitting, all ? slotsIn(room) : fitting)), quietPitch + 30)
  return {
    quiet: partitions.slice(0, fitting).map((partition, i) => ({ partition, x: from + i * w, y, w: w - 12 })),
    more: all ? undefined : { count: partitions.length - fitting, x: end, y },
  }
}
/** A quiet replica takes this much at least; what does not fit is said in words at the end. */
const quietPitch = 184
const moreWidth = 62

function buttonsOf(mode: RowMode, style: RowStyle, box: Box, variant: Variant): { readonly action: Box; readonly bolt: Box } {
  const right = box.x + box.w
  // Left of the rings of requests that wait at the edge.
  if (variant === 'home')
    return { action: { x: right - 148, y: box.y + (box.h - 38) / 2, w: 116, h: 38 }, bolt: { x: right - 34, y: box.y + 6, w: 28, h: 28 } }
  if (variant === 'phone')
    return { action: { x: right - 112, y: box.y - 6, w: 112, h: 26 }, bolt: { x: right - 40, y: box.y - 11, w: 40, h: 40 } }
  if (mode === 'closed')
    return { action: { x: right - 36, y: box.y + 7, w: 28, h: 28 }, bolt: { x: right - 34, y: box.y + 8, w: 26, h: 26 } }
  if (mode === 'many')
    return { action: { x: right - 112, y: box.y + 5, w: 100, h: 26 }, bolt: { x: right - 34, y: box.y + 5, w: 26, h: 26 } }
  const narrow = style.role === undefined
  return {
    action: narrow ? { x: right - 36, y: box.y + 6, w: 28, h: 28 } : { x: right - 116, y: box.y + (style.role ?? 16) - 13, w: 106, h: 26 },
    // In a row of one line the name stands at the top: below it, if there is a second line.
    bolt: { x: box.x + 5, y: narrow && box.h > style.height ? box.y + box.h - 30 : box.y + 5, w: 26, h: 26 },
  }
}
