/** What one log is drawn from. */
import type { ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import type { Changes } from '../../scene/transition.ts'

export interface StripProps {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  /** First offset in the window, and whether older ones lie before it. */
  readonly first: number
  readonly open: boolean
  /** The partition's high watermark: the leader's. */
  readonly watermark: number
  readonly leads: boolean
  readonly down: boolean
  /** Ids of records that were acknowledged and are on no leader. */
  readonly lost: ReadonlySet<string>
  readonly selectedRecord: string | undefined
  readonly followed: string | undefined
  readonly role: string
  /** Middle of the epoch band and of the line of labels; undefined = this row has none. */
  readonly band: number | undefined
  readonly label: number | undefined
  readonly plain: boolean
  /** No words at the log's end. */
  readonly unnamed: boolean
  readonly cursor: number | undefined
  readonly uid: string
  readonly written: ReturnType<Changes['written']['get']>
  readonly moved: ReturnType<Changes['window']['get']>
  readonly risen: ReturnType<Changes['watermark']['get']>
  readonly stood: ReturnType<Changes['standing']['get']>
}
