/** Numbers in force for a group: its own, else those of the broker. Follows group-coordinator/.../group/GroupConfigManager.java. */
import { fromMs, type Micros } from '../../base/units.ts'
import type { Broker } from '../broker/state.ts'
import { numberOf, stringOf } from '../config.ts'
import './configs.ts'

export function groupSetting({ metadata }: Broker, group: string, name: 'share.auto.offset.reset' | 'share.isolation.level'): string {
  return metadata.groupConfig?.get(`${group}/${name}`) ?? stringOf('group', {}, name)
}

/**
 * Simplified: share.delivery.count.limit, share.partition.max.record.locks and share.renew.acknowledge.enable of a group are not known (KIP-1240).
 *
 * `share.heartbeat.interval.ms` of the group, or `group.share.heartbeat.interval.ms` of the broker.
 */
export function groupMs({ metadata, overrides }: Broker, group: string, name: 'record.lock.duration.ms' | 'heartbeat.interval.ms' | 'session.timeout.ms'): number {
  return Number(metadata.groupConfig?.get(`${group}/share.${name}`) ?? numberOf('broker', overrides, `group.share.${name}`))
}

export const lockDuration = (broker: Broker, group: string): Micros => fromMs(groupMs(broker, group, 'record.lock.duration.ms'))
export const deliveryLimit = ({ overrides }: Broker): number => numberOf('broker', overrides, 'group.share.delivery.count.limit')
export const mostLocks = ({ overrides }: Broker): number => numberOf('broker', overrides, 'group.share.partition.max.record.locks')
