/** The words over a log and the room they take, which the high watermark's line leaves free. */
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Point } from '../../scene/geometry.ts'
import type { BrokerFrame, StageFrame } from '../../scene/layout-types.ts'
import { widthOf } from './measure.ts'
import type { Downfall } from './past.ts'
import { fittingLine, roleLines, roleSize, widthOfLine, wordsGap, type RoleLine } from './role-words.ts'
import type { StageText } from './stage-text.ts'

export interface RowHead {
  /** All ways to say it, the fullest first; for the ear the first one. */
  readonly lines: readonly RoleLine[]
  readonly line: RoleLine
  /** Named only where there are several partitions. */
  readonly name: string | undefined
  /** Where the words begin; undefined = this row says nothing over its log. */
  readonly at: Point | undefined
  readonly width: number
}

export function rowHead(
  stage: StageFrame,
  frame: BrokerFrame,
  view: ClusterView,
  downfall: Downfall | undefined,
  text: StageText,
): RowHead | undefined {
  const broker = view.brokers[frame.name]
  if (broker === undefined) return undefined
  const { style, box, mode } = frame
  const strip = frame.strips[0]
  const replica = strip === undefined ? undefined : view.replicas[`${strip.partition}@${frame.name}`]
  const lines = roleLines(
    { broker, replica, partition: strip === undefined ? undefined : view.partitions[strip.partition], downfall },
    text,
  )
  const down = broker.condition === 'down'
  const several = stage.structure.topic.length + stage.structure.others.length > 1
  const name = several && strip !== undefined && !down ? strip.partition : undefined
  const nameWidth = name === undefined ? 0 : widthOf(name, roleSize, 600) + wordsGap
  const x = strip?.x0 ?? box.x + 60
  const end = down ? frame.action.x - 8 : box.x + box.w - (stage.variant === 'phone' ? 130 : 124)
  const line = fittingLine(lines, end - x - nameWidth)
  // The first page keeps silent while all is well.
  const calm =
    stage.variant === 'home' &&
    broker.condition === 'running' &&
    !broker.fenced &&
    (replica === undefined || (replica.inSync && replica.leaderEpoch === 0))
  return {
    lines,
    line,
    name,
    at: style.role !== undefined && mode === 'open' && !calm ? { x, y: box.y + style.role } : undefined,
    width: nameWidth + widthOfLine(line),
  }
}
