/** Who leads the metadata quorum, by what the voters have written into their quorum-state files. */
import type { LiveState, NodeState } from './live-state.ts'

/** Controllers are numbered from 101 on; those of a combined cluster are its first brokers. */
export const voterName = (id: number): string => `k${id > 100 ? id - 100 : id}`

export interface Voters {
  readonly seen: Pick<LiveState['seen'], 'voters'>
  node(name: string): NodeState | undefined
}
/** Of a combined cluster a controller is part of a broker. */
export const hostOf = (voters: Voters, controller: string): NodeState | undefined => voters.node(controller) ?? voters.node(controller.replace('k', 'b'))

/** As the run counts it. */
export const epochOfRun = ({ quorumEpoch }: Pick<LiveState, 'quorumEpoch'>, epoch: number): number => epoch - quorumEpoch + 1

/** The newest epoch that anybody knows, and its leader, if he is there. */
export function quorumOf(live: Voters): { readonly leader: string | undefined; readonly epoch: number } {
  const states = [...live.seen.voters.values()]
  const epoch = Math.max(-1, ...states.map(({ leaderEpoch }) => leaderEpoch))
  const id = states.find(({ leaderEpoch, leaderId }) => leaderEpoch === epoch && leaderId >= 0)?.leaderId
  const name = id === undefined ? undefined : voterName(id)
  const state = name === undefined ? undefined : hostOf(live, name)?.state
  return { leader: state === 'running' || state === 'stopping' ? name : undefined, epoch }
}
