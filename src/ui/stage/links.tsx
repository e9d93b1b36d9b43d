/** Faults in force on the way between two machines: the gap of a cut, the detour of a slow link. */
import type { ReactNode } from 'react'
import type { LinkView } from '../../projection/cluster-view.ts'
import { toMs } from '../../base/units.ts'
import { pathOf, placeAt, type Place, type Route } from '../../scene/routes.ts'
import { cutShare } from '../../scene/motion.ts'
import type { Wires } from '../../scene/wires.ts'
import { GlyphMark } from './marks.tsx'
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

export function Links({ links, wires }: { readonly links: Readonly<Record<string, LinkView>>; readonly wires: Wires }): ReactNode {
  return marksOf(links, wires).map((each) => <LinkMark key={each.key} route={each.route} link={each.link} />)
}

const gap = 9

function LinkMark({ route, link }: Omit<Mended, 'key'>): ReactNode {
  const setting = useStage()
  const { text } = setting
  const isCut = link.cut.length > 0
  const words = isCut ? text.cut(link.cut) : text.slow(toMs(link.slow))
  const spot: Place = { x: 0, y: 0, direction: 'right' }
  const middle = route.length * cutShare(link.from, link.to)
  placeAt(route, middle, spot)
  const upright = spot.direction === 'up' || spot.direction === 'down'
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
      {!isCut && (
        <text
          aria-hidden="true"
          x={upright ? spot.x + 15 : spot.x}
          y={upright ? spot.y : spot.y - 15}
          dy=".35em"
          textAnchor={upright ? 'start' : 'middle'}
          className="small fault"
        >
          {words}
        </text>
      )}
      <circle className="ring" cx={spot.x} cy={spot.y} r={13} />
      <circle className="hover" cx={spot.x} cy={spot.y} r={12} />
    </g>
  )
}
