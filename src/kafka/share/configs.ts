/** Configs of share groups, beside all the others. Defaults are those printed by the ConfigDefs of Kafka 4.3.1. */
import { addConfigs, type ConfigSpec, type Scope } from '../config.ts'
import '../group/group-configs.ts'
import { isDurationPolicy } from '../client/consumer/reset-policy.ts'

type Extra = Pick<ConfigSpec, 'min' | 'max' | 'values' | 'accepts'>
const acts = (scopes: readonly Scope[], name: string, type: ConfigSpec['type'], value: ConfigSpec['default'], extra: Extra = {}): ConfigSpec =>
  ({ name, scopes, type, default: value, modelled: true, ...extra })

addConfigs([
  acts(['broker'], 'group.share.record.lock.duration.ms', 'int', 30000, { min: 1000, max: 3600000 }),
  acts(['broker'], 'group.share.delivery.count.limit', 'int', 5, { min: 2, max: 10 }),
  acts(['broker'], 'group.share.partition.max.record.locks', 'int', 2000, { min: 100, max: 10000 }),
  acts(['broker'], 'group.share.heartbeat.interval.ms', 'int', 5000, { min: 1 }),
  acts(['broker'], 'group.share.session.timeout.ms', 'int', 45000, { min: 1 }),
  acts(['broker'], 'group.share.max.size', 'int', 200, { min: 1, max: 1000 }),
  acts(['broker'], 'share.coordinator.state.topic.num.partitions', 'int', 50, { min: 1 }),
  acts(['broker'], 'share.coordinator.state.topic.replication.factor', 'int', 3, { min: 1 }),
  acts(['broker'], 'share.coordinator.state.topic.min.isr', 'int', 2, { min: 1 }),
  acts(['broker'], 'share.coordinator.snapshot.update.records.per.snapshot', 'int', 500, { min: 0, max: 500 }),
  acts(['broker'], 'share.coordinator.write.timeout.ms', 'int', 5000, { min: 1 }),
  acts(['group'], 'share.auto.offset.reset', 'string', 'latest', { values: ['latest', 'earliest'], accepts: isDurationPolicy }),
  acts(['group'], 'share.isolation.level', 'string', 'read_uncommitted', { values: ['read_uncommitted', 'read_committed'] }),
  acts(['group'], 'share.renew.acknowledge.enable', 'boolean', true),
  acts(['consumer'], 'share.acknowledgement.mode', 'string', 'implicit', { values: ['implicit', 'explicit'] }),
  acts(['consumer'], 'share.acquire.mode', 'string', 'batch_optimized', { values: ['batch_optimized', 'record_limit'] }),
])
