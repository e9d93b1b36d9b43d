/** What flowed in the second before the playhead. */
import { useEffect, useMemo } from 'react'
import { SECOND, type Micros } from '../../base/units.ts'
import type { PartitionName } from '../../projection/cluster-view.ts'
import { trafficOf, type Traffic } from '../../scene/traffic.ts'
import { useMoment, useRun } from '../run.tsx'

/** The film may begin later than that, after a jump: so long we wait before we ask for what lies before. */
const PATIENCE_MS = 200

export interface Rates extends Traffic {
  /** A whole second is known, or all that there was. */
  readonly complete: boolean
  /** Records a second, by partition, at the log of its leader. */
  readonly partitions: ReadonlyMap<PartitionName, number>
  readonly most: number
}

export function useRates(): Rates {
  const { client } = useRun()
  const { film, at, view, revision } = useMoment()
  const from = Math.max(0, film.from, at - SECOND)
  const complete = film.from <= Math.max(0, at - SECOND)
  useEffect(() => {
    if (complete) return
    const timer = setTimeout(() => client.reachBack(at, SECOND), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [client, complete, at])
  return useMemo(() => {
    // The film is one object that grows: its revision tells.
    void revision
    const traffic = trafficOf(film.spansBetween(from, at), from, at)
    const before = film.viewAt(from)
    const partitions = new Map<PartitionName, number>()
    let most = 0
    if (at > from && before.replicas !== view.replicas) {
      for (const { name, leader } of Object.values(view.partitions)) {
        const replica = `${name}@${leader}`
        const now = view.replicas[replica], was = before.replicas[replica]
        if (now === undefined || was === undefined || now === was) continue
        const rate = perSecond(now.logEndOffset - was.logEndOffset, at - from)
        if (rate <= 0) continue
        partitions.set(name, rate)
        most = Math.max(most, rate)
      }
    }
    return { ...traffic, complete, partitions, most }
  }, [film, revision, from, at, view, complete])
}
const perSecond = (records: number, over: Micros): number => (records * SECOND) / over
