/** How near we look: racks, logs, the files of one log, the bytes of one batch; and at which of them. */
import { create } from 'zustand'
import type { Offset } from '../../base/units.ts'
import type { PartitionName, ReplicaName } from '../../projection/cluster-view.ts'

export const levels = ['racks', 'logs', 'files', 'bytes'] as const
export type Level = (typeof levels)[number]

export interface Zoom {
  /** undefined = as the size of the cluster suggests. */
  readonly level: Level | undefined
  /** Chosen by hand, in this step of the scenario: the next step may look elsewhere. By a link: in whatever step it opens. */
  readonly partition: { readonly name: PartitionName; readonly step: number | undefined } | undefined
  /** Whose files and bytes; undefined = the leader's. */
  readonly replica: ReplicaName | undefined
  /** Whose batch; undefined = the newest. */
  readonly offset: Offset | undefined
}
interface Store extends Zoom {
  readonly set: (change: Partial<Zoom>) => void
  readonly reset: (zoom?: Partial<Zoom>) => void
}

/** The partition chosen, if it still counts in this step. */
export const chosenIn = ({ partition }: Pick<Zoom, 'partition'>, step: number): PartitionName | undefined =>
  partition === undefined || (partition.step !== undefined && partition.step !== step) ? undefined : partition.name

const nothing: Zoom = { level: undefined, partition: undefined, replica: undefined, offset: undefined }

export const useZoom = create<Store>()((set) => ({
  ...nothing,
  set: (change) => set(change),
  reset: (zoom) => set({ ...nothing, ...zoom }),
}))
