/** Numbers in force for a group: its own, else those of the broker. Follows group-coordinator/.../group/GroupConfigManager.java. */
import { fromMs, type Micros } from '../../base/units.ts'
import type { Broker } from '../broker/state.ts'
import { configOf } from '../config.ts'
import { groupSetting as numberInForce, type GroupSettingName } from '../group/group-setting.ts'
import './configs.ts'

export function groupSetting({ metadata }: Broker, group: string, name: 'share.auto.offset.reset' | 'share.isolation.level' | 'share.renew.acknowledge.enable'): string {
  return metadata.groupConfig?.get(`${group}/${name}`) ?? String(configOf('group', name)!.default)
}

type ShareSetting = GroupSettingName extends infer Name ? (Name extends `group.share.${infer Rest}` ? Rest : never) : never
/** `share.heartbeat.interval.ms` of the group, or `group.share.heartbeat.interval.ms` of the broker. */
export const groupNumber = ({ metadata, overrides }: Broker, group: string, name: ShareSetting): number =>
  numberInForce(metadata.groupConfig, overrides, group, `group.share.${name}`)

export const lockDuration = (broker: Broker, group: string): Micros => fromMs(groupNumber(broker, group, 'record.lock.duration.ms'))
export const deliveryLimit = (broker: Broker, group: string): number => groupNumber(broker, group, 'delivery.count.limit')
export const mostLocks = (broker: Broker, group: string): number => groupNumber(broker, group, 'partition.max.record.locks')
