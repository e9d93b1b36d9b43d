/** Faults in force on the way between two machines: the gap of a cut, the detour of a slow link. */
import type { ReactNode } from 'react'
import type { LinkView } from '../../projection/cluster-view.ts'
import { toMs } from '../../base/units.ts'
import { pathOf, placeAt, type Place, type Route } from '../../scene/routes.ts'
import { cutShare } from '../../scene/motion.ts'
import type { Wires } from '../../scene/wires.ts'
import { GlyphMark } from './marks.tsx'
import { widthOf } from './measure.ts'
import { selectable, useStage } from './stage-context.ts'

interface Mended {
  readonly key: string
  readonly route: Route
  readonly link: LinkView
}

/** One mark for both directions of a link. */
function marksOf(links: Readonly<Record<string, LinkView>>, wires: Wires): Mended[] {
  const found = new Map<string, Mended>()
  for (const link of Object.values(links)) {
    if (link.cut.length === 0 && link.slow === 0) continue
    const pair = [link.from, link.to].toSorted().join(' ')
    const route = wires.route(link.from, link.to)
    if (route !== undefined && !found.has(pair)) found.set(pair, { key: link.key, route, link })
  }
  return [...found.values()]
}

export interface LinksProps {
  readonly links: Readonly<Record<string, LinkView>>
  readonly wires: Wires
  /** Of the stage: words that would leave it stand on the other side. */
  readonly width: number
}

export function Links({ links, wires, width }: LinksProps): ReactNode {
  return marksOf(links, wires).map((each) => <LinkMark key={each.key} route={each.route} link={each.link} width={width} />)
}

const gap = 9

function LinkMark({ route, link, width }: Omit<Mended, 'key'> & { readonly width: number }): ReactNode {
  const setting = useStage()
  const { text } = setting
  const isCut = link.cut.length > 0
  const rejects = link.rejects !== undefined
  const words = isCut ? text.cut(link.cut, rejects) : text.slow(toMs(link.slow))
  const spot: Place = { x: 0, y: 0, direction: 'right' }
  const middle = route.length * cutShare(link.from, link.to)
  placeAt(route, middle, spot)
  const upright = spot.direction === 'up' || spot.direction === 'down'
  // Beside it there is no room at the edge of the stage: then it stands below.
  const wide = widthOf(words, 12)
  const isBelow = rejects || (upright && spot.x + 15 + wide > width - 4)
  return (
    <g {...selectable(setting, { kind: 'link', key: link.key }, text.aria.link(link.from, link.to, words))}>
      <title>{text.aria.link(link.from, link.to, words)}</title>
      <path
        d={`${pathOf(route, 0, middle - gap)}${pathOf(route, middle + gap, route.length)}`}
        fill="none"
        stroke="var(--fault-fill)"
        strokeWidth={1.25}
        opacity={0.65}
      />
      <circle className="target" cx={spot.x} cy={spot.y} r={13} />
      <circle cx={spot.x} cy={spot.y} r={9.5} fill="var(--paper)" />
      <g transform={upright ? `rotate(90 ${spot.x} ${spot.y})` : undefined}>
        <GlyphMark name={isCut ? 'cut' : 'slow'} x={spot.x} y={spot.y} size={20} className="fault" />
      </g>
      {(!isCut || rejects) && (
        <text
          aria-hidden="true"
          x={isBelow ? Math.min(spot.x, width - 4 - wide / 2) : upright ? spot.x + 15 : spot.x}
          y={isBelow ? spot.y + 20 : upright ? spot.y : spot.y - 15}
          dy=".35em"
          textAnchor={upright && !isBelow ? 'start' : 'middle'}
          className={isBelow ? 'small fault over' : 'small fault'}
        >
          {words}
        </text>
      )}
      <circle className="ring" cx={spot.x} cy={spot.y} r={13} />
      <circle className="hover" cx={spot.x} cy={spot.y} r={12} />
    </g>
  )
}
