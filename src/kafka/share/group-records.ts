/** What a share group writes to `__consumer_offsets`, and what is made of it when it is read again. Follows GroupCoordinatorRecordHelpers.java. */
import type { KafkaRecord } from '../log/record.ts'
import { coordinatorRecord } from './append.ts'
import type { ShareGroup } from './state.ts'

/** Frozen. undefined = a tombstone. */
export type ShareGroupRecord =
  | { readonly kind: 'shareMember'; readonly group: string; readonly memberId: string; readonly member: { readonly clientId: string; readonly topics: readonly string[] } | undefined }
  | { readonly kind: 'shareGroup'; readonly group: string; readonly epoch: number; readonly metadata: string }
  | { readonly kind: 'shareTarget'; readonly group: string; readonly epoch: number }
  | { readonly kind: 'shareTargetMember'; readonly group: string; readonly memberId: string; readonly partitions: readonly string[] | undefined }
  | { readonly kind: 'shareCurrent'; readonly group: string; readonly memberId: string; readonly current: { readonly epoch: number; readonly previousEpoch: number; readonly assigned: readonly string[] } | undefined }
  | { readonly kind: 'shareStatePartition'; readonly group: string; readonly partition: string }
  /** Of a partition's state; or of the group, whose two records are taken away by one each. */
  | { readonly kind: 'shareGone'; readonly group: string; readonly partition: string }
  | { readonly kind: 'shareGroupGone' | 'shareTargetGone'; readonly group: string }

/** By Kafka's names. */
const names: { readonly [K in ShareGroupRecord['kind']]: string } = {
  shareMember: 'ShareGroupMemberMetadata', shareGroup: 'ShareGroupMetadata', shareTarget: 'ShareGroupTargetAssignmentMetadata',
  shareTargetMember: 'ShareGroupTargetAssignmentMember', shareCurrent: 'ShareGroupCurrentMemberAssignment', shareStatePartition: 'ShareGroupStatePartitionMetadata', shareGone: 'ShareGroupStatePartitionMetadata',
  shareGroupGone: 'ShareGroupMetadata', shareTargetGone: 'ShareGroupTargetAssignmentMetadata',
}

export function recordOf(record: ShareGroupRecord, now: number): KafkaRecord {
  const { kind, group } = record
  const of = 'memberId' in record ? ` ${record.memberId}` : 'partition' in record ? ` ${record.partition}` : ''
  return coordinatorRecord(`${names[kind]} ${group}${of}`, valueOf(record), record, now)
}

function valueOf(record: ShareGroupRecord): string | undefined {
  switch (record.kind) {
    case 'shareMember': return record.member === undefined ? undefined : `${record.member.clientId} ${record.member.topics.join(' ')}`
    case 'shareGroup': case 'shareTarget': return `epoch ${record.epoch}`
    case 'shareTargetMember': return record.partitions?.join(' ')
    case 'shareCurrent': return record.current === undefined ? undefined : `epoch ${record.current.epoch}, ${record.current.assigned.join(' ')}`
    case 'shareStatePartition': return 'initialized'
    case 'shareGone': case 'shareGroupGone': case 'shareTargetGone': return undefined
  }
}

/** Decides nothing. */
export function replay(groups: Map<string, ShareGroup>, partition: string, data: unknown): void {
  const record = data as ShareGroupRecord | { readonly kind: 'other' } | undefined
  if (record === undefined || !(record.kind in names)) return
  const meaning = record as ShareGroupRecord
  let group = groups.get(meaning.group)
  // A tombstone of a group that is gone says nothing.
  if (group === undefined && valueOf(meaning) === undefined) return
  if (group === undefined) groups.set(meaning.group, (group = { id: meaning.group, partition, epoch: 0, targetEpoch: 0, members: new Map(), target: new Map(), initialized: [], metadata: '' }))
  switch (meaning.kind) {
    case 'shareMember': {
      const { memberId, member } = meaning
      const known = group.members.get(memberId)
      if (member === undefined) {
        group.members.delete(memberId)
      } else if (known !== undefined) known.topics = member.topics
      else group.members.set(memberId, { memberId, clientId: member.clientId, topics: member.topics, epoch: 0, previousEpoch: 0, assigned: [], sessionUntil: Infinity })
      return
    }
    case 'shareGroup':
      group.epoch = meaning.epoch
      group.metadata = meaning.metadata
      return
    case 'shareTarget':
      group.targetEpoch = meaning.epoch
      return
    case 'shareTargetMember':
      if (meaning.partitions === undefined) group.target.delete(meaning.memberId)
      else group.target.set(meaning.memberId, meaning.partitions)
      return
    case 'shareCurrent': {
      const member = group.members.get(meaning.memberId)
      if (member !== undefined && meaning.current !== undefined) Object.assign(member, meaning.current)
      return
    }
    case 'shareGone':
      group.initialized = group.initialized.filter((one) => one !== meaning.partition)
      return
    case 'shareGroupGone':
      groups.delete(meaning.group)
      return
    case 'shareTargetGone': return
    case 'shareStatePartition': if (!group.initialized.includes(meaning.partition)) group.initialized.push(meaning.partition)
  }
}
