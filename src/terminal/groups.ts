/** What the tools of both kinds of groups print alike. Follows tools/.../consumer/group/{ConsumerGroupCommand,ShareGroupCommand}.java. */
import { hashMapOrder, javaHash } from '../kafka/java-hash.ts'
import type { Sight, SightGroup, SightPartition } from '../projection/sight.ts'
import { exceptionOf, out, type Output, type Plan } from './tool.ts'

/** GROUP, TOPIC, CONSUMER-ID and HOST are as wide as they need, but not less than 15. */
export const fit = (values: readonly string[]): number => Math.max(15, ...values.map((value) => value.length))
export const dash = (value: number | undefined): string => (value === undefined ? '-' : String(value))
export const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('/'))

export const groupsOf = ({ groups }: Sight, share: boolean): readonly SightGroup[] => hashMapOrder(groups.filter(({ type }) => (type === 'share') === share), ({ name }) => javaHash(name))

export const partitionOf = (sight: Sight, name: string): SightPartition | undefined => {
  for (const { partitions } of sight.topics) for (const partition of partitions) if (partition.name === name) return partition
  return undefined
}

/** `orders:0,1;payments:2` */
export function listed(partitions: readonly string[]): string {
  const topics = new Map<string, number[]>()
  for (const name of partitions) {
    const topic = topicOf(name)
    topics.set(topic, [...(topics.get(topic) ?? []), Number(name.slice(topic.length + 1))])
  }
  const text = [...topics].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([topic, list]) => `${topic}:${list.toSorted((a, b) => a - b).join(',')}`).join(';')
  return text === '' ? '-' : text
}

/** TopicPartition#hashCode */
export const partitionHash = ({ name, index }: Pick<SightPartition, 'name' | 'index'>): number => (Math.imul(31, 31 + index) + javaHash(topicOf(name))) | 0

export function offsetsTable(rows: readonly (readonly [group: string, partition: Pick<SightPartition, 'name' | 'index'>, offset: number | undefined])[]): readonly Output[] {
  const widths = [fit(rows.map(([group]) => group)), fit(rows.map(([, partition]) => topicOf(partition.name))), 10, 0]
  const row = (values: readonly string[]): string => values.map((value, i) => value.padEnd(widths[i]!)).join(' ')
  return out('', row(['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET']), ...rows.map(([group, partition, offset]) => row([group, topicOf(partition.name), String(partition.index), dash(offset)])))
}

const quoted = (groups: readonly string[]): string => groups.map((group) => `'${group}'`).join(', ')

/** `refused`: what the tool says of a group before it asks. */
export function deleteGroups(groups: readonly string[], { kind, refused = () => undefined }: { readonly kind: 'consumer groups' | 'share groups'; readonly refused?: (group: string) => string | undefined }): Plan {
  const asked = groups.filter((group) => refused(group) === undefined)
  const report = (failures: ReadonlyMap<string, string>): readonly Output[] => {
    const deleted = groups.filter((group) => !failures.has(group))
    if (failures.size === 0) return out(`Deletion of requested ${kind} (${quoted(groups)}) was successful.`)
    return out(
      '', `Error: Deletion of some ${kind} failed:`, ...[...failures].map(([group, says]) => `* Group '${group}' could not be deleted due to: ${says}`),
      ...(deleted.length === 0 ? [] : ['', `These ${kind} were deleted successfully: ${quoted(deleted)}`]),
    )
  }
  const before = groups.flatMap((group) => (refused(group) === undefined ? [] : [[group, refused(group)!] as const]))
  if (asked.length === 0) return { kind: 'printed', output: report(new Map(before)) }
  return {
    kind: 'asked', output: [], asks: asked.map((group) => ({ action: { deleteGroup: group }, api: 'DeleteGroups', about: group })),
    print: (answers) => report(new Map([
      ...before, ...answers.flatMap((answer, i) => (answer.error === 'NONE' ? [] : [[asked[i]!, `${exceptionOf(answer).name}: ${exceptionOf(answer).says}`] as const])),
    ])),
  }
}
