/**
 * Configs of brokers that are set while they run: which can be, and how a broker takes them over. In the order of precedence a topic's
 * own come first, then those of one broker, of all brokers, of the properties file, and Kafka's defaults.
 * Follows core/.../server/{DynamicBrokerConfig,ConfigAdminManager}.scala.
 */
import { isLogConfig } from '../log/log-config.ts'
import { dynamicConfig } from '../metadata/image.ts'
import type { AdminRequest, Verdict } from '../protocol/admin.ts'
import { quotaSlot } from './quota-slot.ts'
import { brokerConfig, type Broker } from './state.ts'

/** DynamicBrokerConfig.AllDynamicConfigs, as far as the model has them, besides those that stand for a topic's. */
const others: readonly string[] = ['min.insync.replicas', 'unclean.leader.election.enable', 'log.cleaner.backoff.ms', 'num.replica.fetchers', 'producer.id.expiration.ms', 'leader.replication.throttled.rate', 'follower.replication.throttled.rate']

/** A broker looks at a change of brokers' configs before it passes it on. */
export function refusal(request: AdminRequest): Verdict | undefined {
  if (request.type !== 'IncrementalAlterConfigsRequest' || request.resource !== 'broker') return undefined
  const fixed = Object.keys(request.set).filter((name) => !isLogConfig(name) && !others.includes(name))
  return fixed.length === 0 ? undefined : { error: 'INVALID_REQUEST', message: `Cannot update these configs dynamically: [${fixed.join(', ')}]` }
}

/** The metadata log has been applied that far: what it says of this broker holds from now on. */
export function reconfigure(broker: Broker): void {
  const dynamic = dynamicConfig(broker.metadata, broker.spec.name)
  broker.overrides = Object.freeze({ ...broker.spec.overrides, ...dynamic })
  broker.config = brokerConfig(broker.overrides)
  broker.topicConfigs.clear()
  // A rate is only ever set at run time.
  if (broker.quotas !== undefined || Object.keys(dynamic).some((name) => name.endsWith('.replication.throttled.rate'))) quotaSlot().setQuotas(broker, dynamic)
}
