/** What can be done to a broker where it stands: the bolt, kill -9 on the first page, Restart on a dead one. */
import type { ReactNode } from 'react'
import type { BrokerView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { BrokerFrame, StageFrame } from '../../scene/layout-types.ts'
import { GlyphMark } from './marks.tsx'
import { widthOf } from './measure.ts'
import { pressable, useStage } from './stage-context.ts'

export interface RowButtonsProps {
  readonly stage: StageFrame
  readonly frame: BrokerFrame
  readonly broker: BrokerView
  readonly crowned: boolean
}

export function RowButtons({ stage, frame, broker, crowned }: RowButtonsProps): ReactNode {
  const { text, actions, killable } = useStage()
  const { name, action, bolt, mode } = frame
  if (mode === 'plain') return null
  if (broker.condition === 'down') return <Restart name={name} box={action} />
  if (killable && crowned) return <Kill name={name} box={action} />
  if (stage.variant === 'home') return null
  return <Bolt box={bolt} label={text.faultsOf(name)} press={(element) => actions.faults(name, element)} />
}

/** The fault button of any machine: quiet until the hand is near. */
export function Bolt({
  box,
  label,
  press,
}: {
  readonly box: Box
  readonly label: string
  readonly press: (element: Element) => void
}): ReactNode {
  return (
    <g className="bolt" {...pressable(label, press)}>
      <rect className="plate" x={box.x} y={box.y} width={box.w} height={box.h} rx={6} />
      <GlyphMark name="bolt" x={box.x + box.w / 2} y={box.y + box.h / 2} size={14} />
      <rect className="ring" x={box.x - 1} y={box.y - 1} width={box.w + 2} height={box.h + 2} rx={7} />
    </g>
  )
}

export function Restart({ name, box }: { readonly name: string; readonly box: Box }): ReactNode {
  const { text, actions } = useStage()
  const words = text.restartOf(name)
  const roomy = box.w >= 60
  const w = roomy ? Math.min(box.w, widthOf(words, 13, 500) + 40) : box.w
  const x = box.x + box.w - w
  const middle = box.y + box.h / 2
  return (
    <g className="button" {...pressable(words, () => actions.restart(name))}>
      <rect className="plate" x={x} y={box.y} width={w} height={box.h} rx={6} />
      <GlyphMark name="restart" x={x + (roomy ? 17 : w / 2)} y={middle} size={14} />
      {roomy && (
        <text x={x + 30} y={middle} dy=".36em" fontSize={13} className="medium">
          {words}
        </text>
      )}
      <rect className="ring" x={x - 2} y={box.y - 2} width={w + 4} height={box.h + 4} rx={8} />
    </g>
  )
}

function Kill({ name, box }: { readonly name: string; readonly box: Box }): ReactNode {
  const { text, actions } = useStage()
  const w = Math.min(box.w, 116)
  const x = box.x + box.w - w
  const middle = box.y + box.h / 2
  return (
    <g className="button primary" {...pressable(text.killOf(name), () => actions.kill(name))}>
      <rect className="halo" x={x - 7} y={box.y - 7} width={w + 14} height={box.h + 14} rx={12} />
      <rect className="plate" x={x} y={box.y} width={w} height={box.h} rx={7} />
      <GlyphMark name="bolt" x={x + 23} y={middle} size={17} />
      <text x={x + 37} y={middle} dy=".36em" fontSize={15} className="mono strong" style={{ fontSize: 15 }}>
        {text.kill}
      </text>
      <rect className="ring" x={x - 3} y={box.y - 3} width={w + 6} height={box.h + 6} rx={10} />
    </g>
  )
}
