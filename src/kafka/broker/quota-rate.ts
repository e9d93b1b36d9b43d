/** How many bytes a second there have been lately. Follows clients/.../metrics/stats/{SampledStat,SimpleRate}.java. */

export type Side = 'leader' | 'follower'
/** There while a rate is set. */
export interface ReplicationQuota {
  readonly bytesPerSecond: number
  /** One for each window of time, used in turn; one more than there are windows. */
  samples: Sample[]
  current: number
  /** At the last look. */
  exceeded: boolean
}
interface Sample { since: number; last: number; bytes: number }
export interface ReplicationQuotas {
  leader: ReplicationQuota | undefined; follower: ReplicationQuota | undefined
  readonly windows: number; readonly windowMs: number
  /** How far the leader's high watermark was ahead of each replica after its last fetch. */
  lags: Map<string, number>
}

/** Counted in the window of now; the windows are used in turn. */
export function record({ windows, windowMs }: ReplicationQuotas, quota: ReplicationQuota, bytes: number, now: number): void {
  let sample = quota.samples[quota.current] ?? (quota.samples[quota.current] = { since: now, last: now, bytes: 0 })
  if (now - sample.since >= windowMs) {
    quota.current = (quota.current + 1) % (windows + 1)
    sample = quota.samples[quota.current] = { since: now, last: now, bytes: 0 }
  }
  sample.bytes += bytes
  sample.last = now
}

/** What the windows hold, over the time since the oldest of them began, but at least one window. */
export function rate({ windows, windowMs }: Pick<ReplicationQuotas, 'windows' | 'windowMs'>, { samples }: Pick<ReplicationQuota, 'samples'>, now: number): number {
  let bytes = 0, oldest = now
  for (const sample of samples) {
    if (now - sample.last >= windows * windowMs) Object.assign(sample, { since: now, last: now, bytes: 0 })
    bytes += sample.bytes
    oldest = Math.min(oldest, sample.since)
  }
  return (bytes * 1000) / Math.max(now - oldest, windowMs)
}
