/** What a broker's row is drawn from. */
import type { ClusterView, PartitionName } from '../../projection/cluster-view.ts'
import type { BrokerFrame, StageFrame } from '../../scene/layout-types.ts'
import type { Changes } from '../../scene/transition.ts'
import type { Sight } from '../../scene/window.ts'
import type { RowHead } from './row-head.ts'

export interface BrokerRowProps {
  readonly stage: StageFrame
  readonly frame: BrokerFrame
  readonly view: ClusterView
  readonly sights: ReadonlyMap<PartitionName, Sight>
  readonly changes: Changes
  readonly lost: ReadonlySet<string>
  readonly head: RowHead
  /** Groups whose coordinator this broker is, by name, with spaces between. */
  readonly coordinated: string
  /** Of a lost record at this offset: who told its producer yes and when, the fullest words first. */
  readonly lostAcked: (offset: number) => readonly string[]
  readonly cursors: ReadonlyMap<string, number>
  readonly uid: string
}
