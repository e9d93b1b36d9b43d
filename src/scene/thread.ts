/** The thread of a followed record: from its producer along the corridor into its cell, down its column, to its reader. */
import type { ClusterView } from '../projection/cluster-view.ts'
import { bottomOf, rightOf, type Box, type Point } from './geometry.ts'
import type { StageFrame, StripFrame } from './layout-types.ts'
import { makeRoute, type Route } from './routes.ts'
import { cellX, type Sight } from './window.ts'

export interface Thread {
  readonly lines: readonly Route[]
  /** Where a line ends in a cell: an arrowhead, pointing up. */
  readonly heads: readonly Point[]
}

/** Lines of a card at which the followed record stands; the cards draw it there. */
export const keptLine = 117
const trayLine = 176

interface Place {
  readonly x: number
  readonly strip: StripFrame
  readonly box: Box
  readonly leads: boolean
  readonly several: boolean
}

export function threadOf(view: ClusterView, frame: StageFrame, sights: ReadonlyMap<string, Sight>, id: string): Thread {
  const places = placesOf(view, frame, sights, id)
  const main = places.find((each) => each.leads) ?? places[0]
  const lines: Route[] = []
  const heads: Point[] = []
  if (frame.variant !== 'full' || main === undefined) return { lines, heads }
  // Under the machine, where no words stand; between two logs of one machine there is only their gap.
  const lane = main.several ? main.strip.y + main.strip.h + 5 : bottomOf(main.box) + 6
  for (const card of frame.producers) {
    const producer = view.producers[card.name]
    const kept = producer?.lastAcked.some((each) => each.id === id) === true
    const waits = producer?.batches.some((batch) => batch.records.some((each) => each.id === id)) === true
    if ((!kept && !waits) || card.size !== 'full') continue
    const y = card.box.y + (kept ? keptLine : trayLine)
    const edge = rightOf(card.box),
      turn = frame.column.x - 16
    lines.push(
      makeRoute(card.name, id, [
        { x: edge, y },
        { x: turn, y },
        { x: turn, y: lane },
        { x: main.x, y: lane },
        { x: main.x, y: main.strip.y + main.strip.h + 1 },
      ]),
    )
    heads.push({ x: main.x, y: main.strip.y + main.strip.h + 1 })
  }
  lines.push(...columnOf(places))
  lines.push(...readersOf(view, frame, main, lane, id))
  return { lines, heads }
}

function placesOf(view: ClusterView, frame: StageFrame, sights: ReadonlyMap<string, Sight>, id: string): Place[] {
  return frame.brokers.flatMap((broker) =>
    broker.strips.flatMap((strip): Place[] => {
      const cell = view.replicas[`${strip.partition}@${broker.name}`]?.tail.find((each) => each.id === id)
      const sight = sights.get(strip.partition)
      if (cell === undefined || sight === undefined || cell.offset < sight.first) return []
      return [
        {
          x: cellX(strip, sight.first, cell.offset) + strip.cw / 2,
          strip,
          box: broker.box,
          leads: sight.leader === broker.name,
          several: broker.mode === 'many',
        },
      ]
    }),
  )
}

/** Equal offsets are one column, so copies hang on a straight line. */
function columnOf(places: readonly Place[]): Route[] {
  return places.slice(1).flatMap((place, i) => {
    const above = places[i]!
    if (above.x !== place.x) return []
    return [
      makeRoute('copy', String(i), [
        { x: place.x, y: above.strip.y + above.strip.h + 1 },
        { x: place.x, y: place.strip.y - 1 },
      ]),
    ]
  })
}

function readersOf(view: ClusterView, frame: StageFrame, main: Place, lane: number, id: string): Route[] {
  return frame.groups.flatMap((group) =>
    group.size !== 'full'
      ? []
      : group.members.flatMap((member) => {
          if (view.consumers[member.name]?.lastRead.some((each) => each.id === id) !== true) return []
          const y = member.box.y + 64
          const turn = group.box.x - 10
          return [
            makeRoute(id, member.name, [
              { x: main.x, y: lane },
              { x: turn, y: lane },
              { x: turn, y },
              { x: group.box.x + 6, y },
            ]),
          ]
        }),
  )
}
