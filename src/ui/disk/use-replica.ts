/** Whose disk is looked at. */
import type { ReplicaName } from '../../projection/cluster-view.ts'
import { useMoment } from '../run.tsx'
import { useZoom } from '../stores/zoom.ts'
import { useShownPartition } from '../transport/bands.tsx'
import { shownReplica } from '../zoom/place.ts'

export function useReplica(): ReplicaName | undefined {
  const { view } = useMoment()
  const zoom = useZoom()
  return shownReplica(zoom, view, useShownPartition())
}
