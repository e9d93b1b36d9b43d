/**
 * A number in force for a group: its own, within what its broker allows, else its broker's.
 * Follows group-coordinator/.../group/{GroupConfigManager,GroupConfig}.java#evaluate.
 */
import { numberOf, type Overrides } from '../config.ts'

/** The broker's name of it. `group.consumer.session.timeout.ms` of a group is `consumer.session.timeout.ms`. */
export type GroupSettingName = `group.consumer.${'session.timeout.ms' | 'heartbeat.interval.ms' | 'assignment.interval.ms'}`
  | `group.share.${'session.timeout.ms' | 'heartbeat.interval.ms' | 'record.lock.duration.ms' | 'delivery.count.limit' | 'partition.max.record.locks'}`

/** `own`: configs of all groups, by `jobs/share.session.timeout.ms`. */
export function groupSetting(own: ReadonlyMap<string, string> | undefined, broker: Overrides, group: string, name: GroupSettingName): number {
  const value = own?.get(`${group}/${name.slice('group.'.length)}`)
  if (value === undefined) return numberOf('broker', broker, name)
  return Math.min(Math.max(Number(value), boundOf(broker, name, 'min')), boundOf(broker, name, 'max'))
}

/** `group.consumer.min.session.timeout.ms` */
export const boundName = (name: string, side: 'min' | 'max'): string => name.replace(/^group\.(consumer|share)\./, `group.$1.${side}.`)
export const boundOf = (broker: Overrides, name: string, side: 'min' | 'max'): number => numberOf('broker', broker, boundName(name, side))
