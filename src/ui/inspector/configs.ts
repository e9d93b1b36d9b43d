/** The Config tab's rows: Kafka's names with the value in force, and its default. Pure. */
import type { ClusterView, Override } from '../../projection/cluster-view.ts'
import type { Selection } from '../selection.ts'

export interface ConfigRow {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly isDefault: boolean
}
export interface ConfigSheet {
  readonly of: 'broker' | 'topic' | 'producer' | 'consumer'
  readonly name: string
  readonly rows: readonly ConfigRow[]
}

type Defaults = readonly (readonly [name: string, value: string])[]
/** Kafka 4.x. Only what decides something in what is simulated here. */
const defaults: Readonly<Record<ConfigSheet['of'], Defaults>> = {
  broker: [
    ['broker.session.timeout.ms', '9000'],
    ['broker.heartbeat.interval.ms', '2000'],
    ['replica.lag.time.max.ms', '30000'],
    ['replica.fetch.wait.max.ms', '500'],
    ['auto.leader.rebalance.enable', 'true'],
  ],
  topic: [
    ['min.insync.replicas', '1'],
    ['unclean.leader.election.enable', 'false'],
  ],
  producer: [
    ['acks', 'all'],
    ['enable.idempotence', 'true'],
    ['linger.ms', '5'],
    ['batch.size', '16384'],
    ['max.in.flight.requests.per.connection', '5'],
    ['retries', '2147483647'],
    ['retry.backoff.ms', '100'],
    ['request.timeout.ms', '30000'],
    ['delivery.timeout.ms', '120000'],
    ['max.block.ms', '60000'],
    ['metadata.max.age.ms', '300000'],
  ],
  consumer: [
    ['auto.offset.reset', 'latest'],
    ['enable.auto.commit', 'true'],
    ['auto.commit.interval.ms', '5000'],
    ['session.timeout.ms', '45000'],
    ['heartbeat.interval.ms', '3000'],
    ['max.poll.interval.ms', '300000'],
    ['max.poll.records', '500'],
    ['fetch.min.bytes', '1'],
    ['fetch.max.wait.ms', '500'],
    ['partition.assignment.strategy', 'range, cooperative-sticky'],
    ['isolation.level', 'read_uncommitted'],
  ],
}

/** What is not the default comes first. */
function rowsOf(of: ConfigSheet['of'], overrides: readonly Override[]): ConfigRow[] {
  const changed = overrides.map(({ name, value, default: standard }) => ({ name, value, default: standard, isDefault: false }))
  const known = new Set(changed.map(({ name }) => name))
  return [
    ...changed,
    ...defaults[of].filter(([name]) => !known.has(name)).map(([name, value]) => ({ name, value, default: value, isDefault: true })),
  ]
}

/** The sheets that concern a thing; a broker's log has its topic's as well. */
export function configsOf(view: ClusterView, { kind, key }: Selection): ConfigSheet[] {
  const sheets: ConfigSheet[] = []
  const partition = kind === 'partition' ? view.partitions[key] : kind === 'replica' ? view.partitions[key.split('@')[0] ?? ''] : undefined
  if (partition !== undefined) sheets.push({ of: 'topic', name: partition.topic, rows: rowsOf('topic', partition.overrides) })
  const broker = view.brokers[kind === 'replica' ? (key.split('@')[1] ?? '') : key]
  if (broker !== undefined) sheets.push({ of: 'broker', name: broker.name, rows: rowsOf('broker', broker.overrides) })
  const producer = kind === 'producer' ? view.producers[key] : undefined
  if (producer !== undefined) sheets.push({ of: 'producer', name: producer.name, rows: rowsOf('producer', producer.overrides) })
  const group = kind === 'group' ? view.groups[key]?.members.map((member) => member.client) : undefined
  for (const name of group ?? (kind === 'consumer' ? [key] : [])) {
    const consumer = view.consumers[name]
    if (consumer !== undefined) sheets.push({ of: 'consumer', name, rows: rowsOf('consumer', consumer.overrides) })
  }
  return sheets
}
