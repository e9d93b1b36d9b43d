/**
 * `kafka-metadata-quorum.sh`. Follows tools/.../MetadataQuorumCommand.java.
 * Simplified: when an observer has fetched is not known here, so its times are those of now; voters have no directory ids.
 */
import type { Sight, SightVoter } from '../projection/sight.ts'
import { prettyTable } from './table.ts'
import { err, out, printed, remark, unreachable, unsupported, type Plan, type Tool } from './tool.ts'

const usageLines = [
  'usage: kafka-metadata-quorum [-h] [--command-config COMMAND_CONFIG]', '                             (--bootstrap-server BOOTSTRAP_SERVER |',
  '                             --bootstrap-controller BOOTSTRAP_CONTROLLER)', '                             {describe,add-controller,remove-controller}', '                             ...',
]

export const metadataQuorum: Tool = {
  name: 'kafka-metadata-quorum.sh',
  verbs: ['describe'],
  flags: [{ name: 'bootstrap-server', takes: 'server' }, { name: 'help' }, { name: 'human-readable' }, { name: 'replication' }, { name: 'status' }],
  run(options, sight) {
    if (options.has('help')) return printed(out(...usageLines))
    const [verb] = options.rest
    if (verb === undefined) return printed(err(...usageLines, 'kafka-metadata-quorum: error: too few arguments'))
    if (!options.has('bootstrap-server')) return printed(err(...usageLines, 'kafka-metadata-quorum: error: one  of  the  arguments --bootstrap-server --', 'bootstrap-controller is required'))
    if (verb !== 'describe') return unsupported(`kafka-metadata-quorum.sh ${verb}`)
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    if (options.has('status') === options.has('replication')) return printed(err(options.has('status') ? 'Only one of --status or --replication should be specified with describe sub-command' : 'One of --status or --replication must be specified with describe sub-command'))
    if (sight.quorum === undefined) return remark({ code: 'noAnswer' })
    return options.has('status') ? status(sight, sight.quorum) : replication(sight, sight.quorum, options.has('human-readable'))
  },
}

type Quorum = NonNullable<Sight['quorum']>
/** What the leader has from itself is there now; so is what is parked at it. */
const caughtUp = ({ endOffset, fetchedAt }: SightVoter, quorum: Quorum, now: number): number => (endOffset >= quorum.endOffset || fetchedAt === undefined ? now : fetchedAt)

function status(sight: Sight, quorum: Quorum): Plan {
  const { leader, epoch, highWatermark, voters, observers, endOffset } = quorum
  const lag = Math.max(...voters.map((voter) => endOffset - Math.max(0, voter.endOffset)))
  const lagMs = Math.max(...voters.map((voter) => sight.nowMs - caughtUp(voter, quorum, sight.nowMs)))
  const endpoints = voters.toSorted((a, b) => a.id - b.id).map(({ id }) => `{"id": ${id}, "endpoints": ["CONTROLLER://k${id - 100}:9093"]}`)
  const rows = [
    ['ClusterId:', clusterId], ['LeaderId:', leader], ['LeaderEpoch:', epoch], ['HighWatermark:', highWatermark], ['MaxFollowerLag:', lag], ['MaxFollowerLagTimeMs:', lagMs],
    ['CurrentVoters:', `[${endpoints.join(', ')}]`], ['CurrentObservers:', `[${observers.map(({ id }) => `{"id": ${id}, "directoryId": "${directoryOf(id)}"}`).join(', ')}]`],
  ] as const
  return printed(out(...rows.map(([label, value]) => `${label.padEnd(24)}${value}`)))
}
const clusterId = 'UGFydGl0dXJhU2ltdWxhdA'
const directoryOf = (id: number): string => `ZGlyZWN0b3J5T2ZCcm9r${String(id).padStart(2, '0')}`

function replication(sight: Sight, quorum: Quorum, readable: boolean): Plan {
  const now = sight.nowMs
  const time = (ms: number): string => (readable ? `${now - ms} ms ago` : String(ms))
  const row = (voter: SightVoter, role: string): readonly string[] => [
    String(voter.id), role === 'Observer' ? directoryOf(voter.id) : 'AAAAAAAAAAAAAAAAAAAAAA', String(voter.endOffset), String(quorum.endOffset - Math.max(0, voter.endOffset)),
    voter.endOffset < 0 ? '-1' : time(voter.fetchedAt ?? now), voter.endOffset < 0 ? '-1' : time(caughtUp(voter, quorum, now)), role,
  ]
  return printed(out(...prettyTable(
    ['NodeId', 'DirectoryId', 'LogEndOffset', 'Lag', 'LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status'],
    [...quorum.voters.map((voter, i) => row(voter, i === 0 ? 'Leader' : 'Follower')), ...quorum.observers.map((observer) => row(observer, 'Observer'))],
  )))
}
