/**
 * Where everything stands: a pure function of what there is, the room and the options. Nothing here knows what time it is,
 * so a frame serves until a machine comes or goes, the focus changes or the window is resized.
 */
import type { ClusterView } from '../projection/cluster-view.ts'
import { columnsFor, type Columns } from './columns.ts'
import { bottomOf, clamp, type Box, type Size } from './geometry.ts'
import { adminOverhang, laneHeight, placeAdmins, placeControllers, placeGroups, placeProducers, planAdmins } from './layout-cards.ts'
import { placeRows, planRows } from './layout-rows.ts'
import type { BrokerFrame, HeaderFrame, LayoutOptions, StageFrame, Variant } from './layout-types.ts'
import { rowStyles } from './measures.ts'
import { structureKey, structureOf, type Structure } from './structure.ts'

/** Below this width three columns do not fit, whatever was asked for. */
export const phoneBelow = 700

const headers: Readonly<Record<Variant, { readonly height: number; readonly frame: HeaderFrame }>> = {
  full: { height: 68, frame: { flag: 25, ruler: 56, flagHeight: 22 } },
  home: { height: 74, frame: { flag: 14, ruler: 40, flagHeight: 25 } },
  phone: { height: 54, frame: { flag: 11, ruler: 34, flagHeight: 20 } },
}
const laneGap = [36, 66] as const

export function layoutStage(view: ClusterView, size: Size, options: LayoutOptions): StageFrame {
  return layoutFrame(structureOf(view, options.focus), size, options)
}

export const frameKey = (structure: Structure, size: Size, options: LayoutOptions): string =>
  `${size.width}x${size.height} ${options.variant} ${options.lane} ${options.density} ${options.focus ?? ''} ${structureKey(structure)}`

export function layoutFrame(structure: Structure, size: Size, options: LayoutOptions): StageFrame {
  const variant: Variant = size.width < phoneBelow ? 'phone' : options.variant
  const lane = variant === 'phone' ? options.lane : 'brokers'
  const columns = columnsFor(structure, variant, lane, size.width)
  const plainLane = lane !== 'brokers'
  const { height: top, frame: header } = plainLane ? { height: 10, frame: headers.phone.frame } : headers[variant]
  const hasLane = variant === 'full' && structure.controllers.length > 0
  const below = hasLane ? laneGap[0] + laneHeight + 14 : 12
  const room = size.height - top - below
  const wantsTopic = options.focus !== structure.focus
  const plan = planRows(structure, variant, wantsTopic, room, options.density, size.width)
  const brokers = plainLane ? plainRows(structure, columns, top, room) : placeRows(plan, columns, top, variant)
  const rowsEnd = brokers.length === 0 ? top : bottomOf(brokers[brokers.length - 1]!.box)
  const columnHeight = Math.max(rowsEnd - top, Math.min(room, 260))
  const alone = aloneHeight(brokers, variant)
  const admin = planAdmins(variant === 'home' ? 0 : structure.admins.length, structure.producers.length, plainLane ? room : columnHeight)
  const writersRoom = (variant === 'home' ? 90 : plainLane ? room : columnHeight) + (admin.height === 0 ? 0 : adminOverhang - admin.height)
  const producers = placeProducers(structure.producers, columns.writers, top, writersRoom, Math.min(alone, writersRoom))
  const adminsAt = producers.length === 0 ? top : bottomOf(producers[producers.length - 1]!.box) + 14
  const admins = admin.height === 0 ? [] : placeAdmins(structure.admins, admin.size, columns.writers, adminsAt)
  const groups = placeGroups(structure.groups, columns.readers, top, variant === 'home' ? 100 : plainLane ? room : columnHeight, alone)
  const cardsEnd = Math.max(rowsEnd, ...[...producers, ...groups].map((each) => bottomOf(each.box)), ...admins.map((each) => bottomOf(each.box) - adminOverhang))
  const spare = clamp(laneGap[0], size.height - cardsEnd - laneHeight - 14, laneGap[1])
  return {
    key: frameKey(structure, size, options),
    variant,
    lane,
    structure,
    header,
    single: plan.single,
    loopStep: columns.loopStep,
    column: { x: columns.brokers[0], y: top, w: columns.brokers[1], h: rowsEnd - top },
    brokers,
    producers: variant === 'home' ? producers.map(asHome(brokers)) : producers,
    groups: variant === 'home' ? groups.map(asHome(brokers)) : groups,
    admins,
    ...controllerLane(structure, columns, hasLane, cardsEnd + spare, size.width),
    size: { width: size.width, height: Math.max(size.height, cardsEnd + (hasLane ? spare + laneHeight + 14 : 12)) },
  }
}

/** A lone card is as high as the two first rows, so that its wires to both run straight. */
function aloneHeight(brokers: readonly BrokerFrame[], variant: Variant): number {
  const first = brokers[0]
  if (first === undefined || variant === 'phone') return 0
  if (variant === 'home') return first.box.h
  const second = brokers[1]
  if (second === undefined) return Math.min(first.box.h, 330)
  return clamp(260, bottomOf(second.box) - first.box.y, 330)
}

/** On the first page cards say little, and stand level with the first row. */
const asHome =
  (brokers: readonly BrokerFrame[]) =>
  <T extends { readonly box: Box }>(card: T): T => {
    const first = brokers[0]
    return first === undefined ? card : { ...card, box: { ...card.box, h: Math.max(card.box.h, first.box.h) } }
  }

/** In a client's lane on a phone, brokers are names at the far end of wires. */
function plainRows(structure: Structure, columns: Columns, top: number, room: number): BrokerFrame[] {
  const [x, w] = columns.brokers
  const h = 44
  const pitch = Math.max(h + 8, Math.min(96, (Math.min(room, 300) - h) / Math.max(1, structure.brokers.length - 1)))
  return structure.brokers.map((part, i) => {
    const box: Box = { x, y: top + i * pitch, w, h }
    return {
      name: part.name,
      rack: part.rack,
      box,
      mode: 'plain',
      style: rowStyles.phone,
      strips: [],
      quiet: [],
      more: undefined,
      action: box,
      bolt: box,
    }
  })
}

function controllerLane(
  structure: Structure,
  columns: Columns,
  has: boolean,
  y: number,
  width: number,
): Pick<StageFrame, 'controllers' | 'controllerLabel' | 'metadata'> {
  if (!has) return { controllers: [], controllerLabel: undefined, metadata: undefined }
  const beside = columns.writers[1] > 0
  const [x] = columns.brokers
  return {
    ...placeControllers(structure.controllers, x, width - columns.pad, y),
    controllerLabel: { x: beside ? columns.writers[0] : x, y, above: !beside },
  }
}
