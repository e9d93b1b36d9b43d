/**
 * Configs that the metadata log holds: of a topic, of a broker, of all brokers.
 * Which of a broker's can be set while it runs is that broker's to say (`broker/dynamic-config.ts`).
 * Follows metadata/.../controller/ConfigurationControlManager.java and core/.../server/ControllerConfigurationValidator.scala.
 */
import { configOf, isOutOfRange } from '../config.ts'
import { groupConfigRefusal } from '../group/group-configs.ts'
import { brokerConfigKey } from '../metadata/image.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { IncrementalAlterConfigsRequest, Verdict } from '../protocol/admin.ts'
import type { Controller, ControllerContext } from './state.ts'
import { isElrEnabled } from './topic-settings.ts'
import { write } from './write.ts'

const MIN_ISR = 'min.insync.replicas'

export function isValidTopicConfig(key: string, value: string): boolean {
  const spec = configOf('topic', key)
  return spec !== undefined && !isOutOfRange(spec, value)
}

export function alterConfigs(controller: Controller, request: IncrementalAlterConfigsRequest, ctx: ControllerContext): Verdict {
  const { resource, name = '', set, unset } = request
  if (resource === 'topic' && !controller.image.topics.has(name)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (resource === 'group') {
    const message = groupConfigRefusal(controller.image.groupConfig, request, controller.spec.overrides)
    if (message !== undefined) return { error: 'INVALID_CONFIG', message }
  } else for (const [key, value] of Object.entries(set)) {
    const spec = configOf(resource, key)
    if (spec === undefined || isOutOfRange(spec, value)) return 'INVALID_CONFIG'
  }
  if (breaksElr(controller, request)) return 'INVALID_CONFIG'
  const changes = [...Object.entries(set), ...unset.map((key) => [key, undefined] as const)]
  for (const [key, value] of changes) {
    const { was, inForce } = valueOf(controller, resource, name, key)
    // What is as it was is written all the same (KAFKA-14136), and not told.
    if ((value ?? inForce) !== was) ctx.note({ code: 'config.changed', kind: resource, name, key, value: value ?? inForce, was })
  }
  write(controller, [
    ...changes.map(([key, value]): MetadataRecord => Object.freeze({ type: 'ConfigRecord', resource, name, key, value })),
    ...afterMinIsr(controller, resource, name, changes.map(([key]) => key)),
  ], { isr: 'caughtUp', election: 'clean' }, ctx)
  return 'NONE'
}

/** What a key is now, and what it would be without a value of its own. */
function valueOf({ image, spec }: Controller, resource: 'topic' | 'broker' | 'group', name: string, key: string): { readonly was: string; readonly inForce: string } {
  if (resource === 'group') {
    const inForce = String(spec.overrides[`group.${key}`] ?? configOf(resource, key)?.default ?? '')
    return { was: image.groupConfig?.get(`${name}/${key}`) ?? inForce, inForce }
  }
  const file = String(spec.overrides[key] ?? configOf(resource, key)?.default ?? '')
  if (resource === 'topic') {
    const inForce = image.brokerConfig.get(key) ?? file
    return { was: image.topics.get(name)?.config[key] ?? inForce, inForce }
  }
  const all = name === '' ? file : (image.brokerConfig.get(key) ?? file)
  return { was: image.brokerConfig.get(brokerConfigKey(name, key)) ?? all, inForce: all }
}

/** With Eligible Leader Replicas the minimum is the cluster's: it cannot be taken away, and no broker has one of its own (KIP-966). */
function breaksElr(controller: Controller, { resource, name, set, unset }: IncrementalAlterConfigsRequest): boolean {
  if (resource !== 'broker' || !isElrEnabled(controller)) return false
  return unset.includes(MIN_ISR) || (name !== undefined && MIN_ISR in set)
}

/** Who was eligible was so by the minimum of before (KIP-966). */
function afterMinIsr(controller: Controller, resource: 'topic' | 'broker' | 'group', name: string, keys: readonly string[]): readonly MetadataRecord[] {
  if (!keys.includes(MIN_ISR) || !isElrEnabled(controller)) return []
  return [Object.freeze({ type: 'ClearElrRecord', topic: resource === 'topic' ? name : '' })]
}
