/** A producer's configs as they act, and the combinations it refuses. Follows clients/.../producer/ProducerConfig.java. */
import { fromMs, type Micros } from '../../../base/units.ts'
import { booleanOf, numberOf, ROUND_ROBIN, stringOf, type Overrides } from '../../config.ts'
import { codecNamed, type Codec } from '../../log/codec.ts'
import type { NetworkConfig } from '../../network/client.ts'
import { metadataSettings, networkSettings, type MetadataSettings } from '../settings.ts'

export interface ProducerSettings {
  readonly acks: 0 | 1 | -1
  /** `transactional.id`; undefined = no transactions. */
  readonly transactionalId: string | undefined
  readonly transactionTimeoutMs: number
  readonly idempotent: boolean
  readonly batchSize: number
  readonly linger: Micros
  readonly bufferMemory: number
  readonly maxBlock: Micros
  readonly maxRequestSize: number
  /** `compression.type` */
  readonly codec: Codec
  readonly maxInFlight: number
  readonly retries: number
  readonly deliveryTimeout: Micros
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /** `partitioner.class` names Kafka's RoundRobinPartitioner. */
  readonly roundRobin: boolean
  /** `partitioner.ignore.keys`: the built-in logic treats all records as if they had no key. */
  readonly ignoreKeys: boolean
  /** KIP-794: the built-in logic prefers partitions with short queues. */
  readonly adaptive: boolean
  readonly network: NetworkConfig
  readonly metadata: MetadataSettings
  /** These configs contradict each other: the client refuses to start. */
  readonly conflict: boolean
}

const ACKS: Readonly<Record<string, 0 | 1 | -1>> = { all: -1, '-1': -1, '0': 0, '1': 1 }

export function producerSettings(configs: Overrides): ProducerSettings {
  const number = (name: string): number => numberOf('producer', configs, name)
  const acks = ACKS[stringOf('producer', configs, 'acks')] ?? -1
  const retries = number('retries'), maxInFlight = number('max.in.flight.requests.per.connection')
  const wants = booleanOf('producer', configs, 'enable.idempotence')
  const explicit = configs['enable.idempotence'] !== undefined
  const impossible = acks !== -1 || retries === 0
  const timeout = deliveryTimeout(configs)
  const transactionalId = stringOf('producer', configs, 'transactional.id') || undefined
  return Object.freeze({
    acks, retries, maxInFlight, transactionalId, transactionTimeoutMs: number('transaction.timeout.ms'),
    idempotent: wants && !impossible,
    batchSize: number('batch.size'), linger: fromMs(number('linger.ms')), bufferMemory: number('buffer.memory'),
    maxBlock: fromMs(number('max.block.ms')), codec: codecNamed(stringOf('producer', configs, 'compression.type') ?? ''),
    maxRequestSize: number('max.request.size'), deliveryTimeout: timeout ?? 0, requestTimeoutMs: number('request.timeout.ms'),
    retryBackoffMs: number('retry.backoff.ms'), retryBackoffMaxMs: number('retry.backoff.max.ms'),
    roundRobin: stringOf('producer', configs, 'partitioner.class') === ROUND_ROBIN, ignoreKeys: booleanOf('producer', configs, 'partitioner.ignore.keys'),
    adaptive: booleanOf('producer', configs, 'partitioner.adaptive.partitioning.enable'),
    network: networkSettings('producer', configs),
    metadata: metadataSettings('producer', configs),
    conflict: timeout === undefined || (transactionalId !== undefined && (impossible || !wants)) || (wants && ((explicit && impossible) || maxInFlight > 5)),
  })
}

/** PRD-4: shorter than linger and one request together is refused where somebody asked for it, and silently raised where not. */
function deliveryTimeout(configs: Overrides): Micros | undefined {
  const wanted = numberOf('producer', configs, 'delivery.timeout.ms')
  const least = Math.min(numberOf('producer', configs, 'linger.ms') + numberOf('producer', configs, 'request.timeout.ms'), 2147483647)
  if (wanted >= least) return fromMs(wanted)
  return configs['delivery.timeout.ms'] === undefined ? fromMs(least) : undefined
}
