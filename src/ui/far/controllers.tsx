/** The voters in one line below the racks: who is active, who is down. */
import type { ReactNode } from 'react'
import type { FarFrame } from '../../scene/far.ts'
import { activeControllerOf } from '../../scene/structure.ts'
import { useMoment } from '../run.tsx'
import { widthOf } from '../stage/measure.ts'
import { selectable, useStage } from '../stage/stage-context.ts'
import { useZoomText } from '../zoom/words.ts'

export function Controllers({ frame }: { readonly frame: FarFrame }): ReactNode {
  const text = useZoomText()
  const setting = useStage()
  const { view } = useMoment()
  const active = activeControllerOf(view)?.name
  const { x, y } = frame.controllers
  const label = text.far.controllers
  let at = x + widthOf(label, 12.5) + 14
  return (
    <g>
      <text x={x} y={y} dy=".35em" className="quiet">
        {label}
      </text>
      {Object.values(view.controllers).map((each) => {
        const words = each.name === active ? `${each.name}, ${text.far.active}` : each.condition === 'running' ? each.name : `${each.name}, ${text.far.condition[each.condition]}`
        const w = widthOf(words, 12.5, 500) + 20
        const from = at
        at += w + 8
        return (
          <g key={each.name} {...selectable(setting, { kind: 'controller', key: each.name }, setting.text.aria.machine('controller', each.name, words))}>
            <rect className={each.name === active ? 'controller active' : each.condition === 'running' ? 'controller' : 'controller down'} x={from + 0.5} y={y - 12.5} width={w} height={25} rx={6} />
            <text aria-hidden="true" x={from + w / 2} y={y} dy=".35em" textAnchor="middle" className={each.name === active ? 'medium' : 'second'}>
              {words}
            </text>
            <rect className="ring" x={from - 2} y={y - 15} width={w + 5} height={30} rx={8} />
            <rect className="hover" x={from + 0.5} y={y - 12.5} width={w} height={25} rx={6} />
          </g>
        )
      })}
      {active === undefined && (
        <text x={at + 4} y={y} dy=".35em" className="medium fault">
          {text.far.noActive}
        </text>
      )}
    </g>
  )
}
