/** A fact of the run as the story tells it: a code and its figures; `text/` makes the sentence. */
import type { Micros } from '../base/units.ts'
import type { Fact } from '../kafka/notes.ts'

export interface StoryLine {
  /** In order of telling, from 0, dense. */
  readonly index: number
  readonly at: Micros
  /** The step that told it, and the step that caused that one (0 = from outside). */
  readonly step: number; readonly cause: number
  /** Who told it: a node, or `you` for what came from outside, or `scenario`. */
  readonly node: string
  readonly fact: Fact
}

/** Lines a learner reads at first; the rest is there when the story is opened in full. */
export function isHeadline(line: Pick<StoryLine, 'fact'>): boolean {
  return headlines.has(line.fact.code) && !isInternal(line) && !isOneOfMany(line)
}
/** What the cluster's own topics do stands in the full story; a group's part of it is told as `coordinator.moved`. */
const isInternal = ({ fact }: Pick<StoryLine, 'fact'>): boolean => 'partition' in fact && fact.partition.startsWith('__')
/** An inbox that stays full drops by the dozen: the first is news, and every tenth. Who waits for it waits with each message. */
const isOneOfMany = ({ fact }: Pick<StoryLine, 'fact'>): boolean => (fact.code === 'toy.dropped' && fact.dropped > 1 && fact.dropped % 10 > 0) || (fact.code === 'toy.blocked' && fact.again === true)
const headlines: ReadonlySet<string> = new Set([
  'node.crashed', 'node.halted', 'power.lost', 'node.stopping', 'node.stopped', 'node.started', 'node.paused', 'node.resumed', 'link.cut', 'link.healed', 'fault.made', 'message.tampered',
  'isr.changed', 'elr.changed', 'leader.elected', 'leader.lost', 'broker.fenced', 'broker.unfenced', 'broker.registered', 'log.truncated', 'segment.deleted', 'logStart.moved', 'log.cleaned', 'logDir.failed', 'logDir.untold', 'log.recovered', 'record.lost',
  'election.started', 'controller.elected', 'controller.resigned', 'quorum.lost', 'quorum.regained', 'metadata.truncated', 'metadata.snapshotTaken', 'metadata.cleaned', 'metadata.snapshotFetched',
  'producer.failed', 'duplicate.refused', 'rebalance.started', 'rebalance.finished', 'member.joined', 'member.left', 'member.returned', 'group.advanced', 'target.computed', 'member.fenced', 'coordinator.moved', 'batch.split', 'handler.failed', 'records.delayed',
  'partitions.assigned', 'config.changed', 'topic.created', 'topic.deleted', 'partitions.added', 'reassignment.started', 'reassignment.finished', 'admin.asked', 'admin.answered',
  'txn.began', 'txn.decided', 'txn.finished', 'txn.moved', 'producer.fenced', 'client.misused', 'offsets.expired', 'group.expired', 'offset.reset', 'fetch.redirected', 'position.sought', 'partitions.paused', 'partitions.resumed', 'consumer.failed', 'commit.failed', 'share.started', 'share.released', 'share.archived', 'share.refused', 'step.began', 'highWatermark.held', 'toy.dropped', 'toy.missed', 'toy.blocked', 'toy.heldBack', 'effect.repeated', 'effect.refused',
])
