/** Clients as cards in a column, and the controllers' lane with the metadata log below the brokers. */
import { clamp, type Box } from './geometry.ts'
import type { CardFrame, CardSize, ControllerFrame, GroupFrame, MetadataFrame } from './layout-types.ts'
import type { GroupPart } from './structure.ts'

/** How high a producer's card is, by how much it tells. */
const producerHeights: Readonly<Record<CardSize, number>> = { full: 260, medium: 180, small: 74 }
const cardGap = 14

/** The largest size at which all cards fit into `room`; small ones overlap the lane below rather than vanish. */
const sizeFor = (room: number, heightAt: (size: CardSize) => number): CardSize =>
  (['full', 'medium', 'small'] as const).find((size) => heightAt(size) <= room) ?? 'small'

export function placeProducers(
  names: readonly string[],
  column: readonly [number, number],
  top: number,
  room: number,
  alone: number,
): CardFrame[] {
  const [x, w] = column
  const count = names.length
  if (count === 0 || w === 0) return []
  const size = sizeFor(room, (each) => count * producerHeights[each] + (count - 1) * cardGap)
  const h = count === 1 && size === 'full' ? Math.max(producerHeights.full, alone) : producerHeights[size]
  const gap = count === 1 ? 0 : clamp(6, (room - count * h) / (count - 1), size === 'full' ? 28 : 20)
  return names.map((name, i) => ({ name, size, box: { x, y: top + i * (h + gap), w, h } }))
}

const adminHeights: Readonly<Record<CardSize, number>> = { full: 130, medium: 130, small: 62 }
/** So far it may reach into the gap above the controllers' lane, whose boxes begin further right. */
export const adminOverhang = 30

/** What the admin clients take at the foot of the writers' column: in full where the producers keep their size beside it. */
export function planAdmins(admins: number, producers: number, room: number): { readonly size: CardSize; readonly height: number } {
  const heightOf = (size: CardSize): number => admins * (adminHeights[size] + cardGap)
  const producersTake = (left: number): CardSize => sizeFor(left, (each) => producers * producerHeights[each] + (producers - 1) * cardGap)
  const isFull = producers === 0 || producersTake(room) === producersTake(room + adminOverhang - heightOf('full'))
  const size = isFull ? 'full' : 'small'
  return { size, height: admins === 0 ? 0 : heightOf(size) }
}

export function placeAdmins(names: readonly string[], size: CardSize, column: readonly [number, number], y: number): CardFrame[] {
  const [x, w] = column
  if (w === 0) return []
  return names.map((name, i) => ({ name, size, box: { x, y: y + i * (adminHeights[size] + cardGap), w, h: adminHeights[size] } }))
}

const groupHead: Readonly<Record<CardSize, number>> = { full: 74, medium: 70, small: 34 }
const memberHeight: Readonly<Record<CardSize, number>> = { full: 128, medium: 66, small: 34 }
const groupFoot: Readonly<Record<CardSize, number>> = { full: 62, medium: 28, small: 8 }
/** A consumer without a group has no protocol to name. */
const headOf = ({ isGroup }: GroupPart, size: CardSize): number => groupHead[size] - (isGroup || size === 'small' ? 0 : 14)
const groupHeight = (group: GroupPart, size: CardSize): number =>
  headOf(group, size) + (group.isGroup ? groupFoot[size] : 8) + Math.max(1, group.members.length) * memberHeight[size]

export function placeGroups(
  groups: readonly GroupPart[],
  column: readonly [number, number],
  top: number,
  room: number,
  alone: number,
): GroupFrame[] {
  const [x, w] = column
  if (groups.length === 0 || w === 0) return []
  const heightAt = (size: CardSize): number => groups.reduce((sum, each) => sum + groupHeight(each, size), (groups.length - 1) * cardGap)
  const size = sizeFor(room, heightAt)
  const stretch = groups.length === 1 && groups[0]!.members.length <= 1 && size === 'full' ? alone : 0
  let y = top
  return groups.map((group) => {
    const box: Box = { x, y, w, h: Math.max(stretch, groupHeight(group, size)) }
    y += box.h + cardGap
    const members = group.members.map((name, i) => ({
      name,
      box: { x, y: box.y + headOf(group, size) + i * memberHeight[size], w, h: memberHeight[size] },
    }))
    return { name: group.name, isGroup: group.isGroup, size, box, members }
  })
}

export const laneHeight = 46
const activeWidth = 106
const standbyWidth = 56

/** Room for words for whoever is not just a follower; heavy outline for the active one. In the order of their ids. */
export function placeControllers(
  controllers: readonly { readonly name: string; readonly active: boolean; readonly speaks: boolean }[],
  x: number,
  end: number,
  y: number,
): { readonly controllers: ControllerFrame[]; readonly metadata: MetadataFrame | undefined } {
  let at = x
  const placed = controllers.map(({ name, active, speaks }): ControllerFrame => {
    const w = speaks ? activeWidth : standbyWidth
    const box: Box = { x: at, y, w, h: laneHeight }
    at += w + 6
    return { name, active, box }
  })
  const from = at + 8
  const w = end - from
  const cells = clamp(0, Math.floor(w / 178), 4)
  return {
    controllers: placed,
    metadata: controllers.length === 0 || cells === 0 ? undefined : { box: { x: from, y, w, h: laneHeight }, cells },
  }
}
