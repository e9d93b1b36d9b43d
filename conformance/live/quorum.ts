/** Who leads the metadata quorum, by what the voters have written into their quorum-state files. */
import type { Stage } from './stage.ts'

export function readQuorumLeader({ seen, cluster }: Stage): string | undefined {
  const states = [...seen.voters.values()]
  const epoch = Math.max(-1, ...states.map(({ leaderEpoch }) => leaderEpoch))
  const id = states.find(({ leaderEpoch, leaderId }) => leaderEpoch === epoch && leaderId >= 0)?.leaderId
  if (id === undefined) return undefined
  const name = id > 100 ? `k${id - 100}` : `k${id}`
  const node = cluster.nodes.get(name) ?? cluster.nodes.get(name.replace('k', 'b'))
  return node?.state === 'running' || node?.state === 'stopping' ? name : undefined
}
