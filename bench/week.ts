/** What a session holds while a cluster of little traffic goes through a week. */
import { SECOND } from '../src/base/units.ts'
import { Session } from '../src/bridge/session.ts'
import type { Scenario } from '../src/scenario/types.ts'
import { collect } from './measure.ts'

const DAY = 86_400 * SECOND

const scenario: Scenario = {
  format: 'kafka-scenario/v1', id: 'week', kind: 'sandbox', title: 'A week', languages: ['en'], seed: 1,
  cluster: { brokers: 3, controllers: 3 },
  topics: [{ name: 'orders', partitions: 3, replicationFactor: 3 }],
  clients: { producers: [{ id: 'shop', topic: 'orders', rate: '1/m' }] },
  steps: [{ id: 'all-week', do: [{ start: ['shop'] }] }],
}

/** Megabytes of heap at the end of each day. */
export function measureWeek(): { readonly days: readonly number[]; readonly steps: number } {
  collect()
  const before = process.memoryUsage().heapUsed
  const session = new Session()
  for (const _ of session.handle({ do: 'load', scenario, seed: 1, journal: [], at: 0 })) { /* its first frame is nobody's */ }
  let steps = 0
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => {
    for (const frame of session.handle({ do: 'seek', at: day * DAY })) if (frame.type === 'frame') steps = frame.stepsDone
    collect()
    return (process.memoryUsage().heapUsed - before) / 1_000_000
  })
  return { days, steps }
}
