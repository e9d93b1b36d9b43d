/**
 * A consumer's configs as they act. Follows clients/.../consumer/ConsumerConfig.java.
 *
 * Simplified: a member does not tell its group its `client.rack`; it only reads by it.
 */
import { known } from '../../../base/assert.ts'
import { fromMs, type Micros } from '../../../base/units.ts'
import { booleanOf, numberOf, stringOf, type Overrides } from '../../config.ts'
import type { NetworkConfig } from '../../network/client.ts'
import { assignorOf, rebalanceProtocol, type AssignorName, type RebalanceProtocol } from './assign/assignor.ts'
import { durationOfPolicy } from './reset-policy.ts'
import { metadataSettings, networkSettings, type MetadataSettings } from '../settings.ts'

export interface ConsumerSettings {
  /** `auto.offset.reset`, as it is written; and how far `by_duration` goes back. */
  readonly reset: string
  readonly resetBackMs: number | undefined
  readonly autoCommit: boolean
  /** `isolation.level`: undefined = what is not decided is read too. */
  readonly isolationLevel: 'read_committed' | undefined
  readonly autoCommitInterval: Micros
  readonly sessionTimeoutMs: number
  readonly heartbeatInterval: Micros
  readonly maxPollIntervalMs: number
  readonly maxPollRecords: number
  readonly fetchMinBytes: number
  readonly fetchMaxWaitMs: number
  readonly fetchMaxBytes: number
  readonly maxPartitionFetchBytes: number
  /** In order of preference. */
  readonly assignors: readonly AssignorName[]
  /** What all of them support (GRP-15). */
  readonly protocol: RebalanceProtocol
  /** `group.protocol`: who works out the assignment, the leading consumer or the coordinator (KIP-848). */
  readonly groupProtocol: 'classic' | 'consumer'
  /** `group.remote.assignor`; undefined = the group's own. */
  readonly remoteAssignor: string | undefined
  /** `group.instance.id`; undefined = a dynamic member. */
  readonly instanceId: string | undefined
  /** `client.rack`; undefined = it reads from leaders. */
  readonly rack: string | undefined
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly network: NetworkConfig
  readonly metadata: MetadataSettings
}

export function consumerSettings(configs: Overrides): ConsumerSettings {
  const assignors = assignorsOf(stringOf('consumer', configs, 'partition.assignment.strategy'))
  const reset = stringOf('consumer', configs, 'auto.offset.reset') ?? 'latest'
  const text = (name: string): string | undefined => stringOf('consumer', configs, name) || undefined
  const number = (name: string): number => numberOf('consumer', configs, name)
  return Object.freeze({
    reset, resetBackMs: durationOfPolicy(reset),
    isolationLevel: text('isolation.level') === 'read_committed' ? 'read_committed' : undefined,
    autoCommit: booleanOf('consumer', configs, 'enable.auto.commit'), autoCommitInterval: fromMs(number('auto.commit.interval.ms')),
    sessionTimeoutMs: number('session.timeout.ms'), heartbeatInterval: fromMs(number('heartbeat.interval.ms')),
    maxPollIntervalMs: number('max.poll.interval.ms'), maxPollRecords: number('max.poll.records'),
    fetchMinBytes: number('fetch.min.bytes'), fetchMaxWaitMs: number('fetch.max.wait.ms'), fetchMaxBytes: number('fetch.max.bytes'),
    maxPartitionFetchBytes: number('max.partition.fetch.bytes'),
    assignors, protocol: rebalanceProtocol(assignors), instanceId: text('group.instance.id'), rack: text('client.rack'),
    groupProtocol: text('group.protocol') as ConsumerSettings['groupProtocol'], remoteAssignor: text('group.remote.assignor'),
    retryBackoffMs: number('retry.backoff.ms'), retryBackoffMaxMs: number('retry.backoff.max.ms'),
    network: networkSettings('consumer', configs), metadata: metadataSettings('consumer', configs),
  })
}

const assignorsOf = (list: string): readonly AssignorName[] =>
  Object.freeze(list.split(',').map((entry) => known(assignorOf(entry), `partition.assignment.strategy: ${entry}`)))
