/**
 * What no real cluster can be asked about from outside. A statement that rests on such a property, and that the live side
 * could not judge, is counted apart, by property; one that it could not judge for any other reason is a difference.
 */
import { expression, pathsOf } from '../../src/scenario/expression.ts'
import type { PathNode } from '../../src/scenario/expression-syntax.ts'
import type { Unseen } from '../../src/text/checked.ts'

/** By root and property; a root alone stands for all of its properties. */
export const unobservable: Readonly<Record<string, Unseen>> = {
  event: 'story',
  // Only JMX and checkpoint files have a follower's high watermark; its end is a rough lag in DescribeLogDirs.
  'replica.hw': 'follower', 'replica.leo': 'follower', 'replica.lagMs': 'follower', 'replica.truncations': 'follower',
  'replica.dirtyRecords': 'pageCache', 'broker.dirtyRecords': 'pageCache',
  'broker.recoveries': 'broker', 'broker.starts': 'broker', 'broker.epoch': 'broker', 'broker.diskUsedPct': 'broker',
  'producer.buffered': 'client', 'producer.inFlight': 'client', 'producer.blocked': 'client', 'producer.retries': 'client',
  'producer.requests': 'client', 'producer.batches': 'client', 'producer.avgBatchRecords': 'client', 'producer.p50LatencyMs': 'client',
  'producer.uncommitted': 'client', 'producer.outcome.sequence': 'client', 'producer.believes': 'client', 'producer.epochOf': 'client', 'consumer.believes': 'client', 'consumer.epochOf': 'client',
  'consumer.fetchesFrom': 'client', 'consumer.emptyPolls': 'client',
  'share.acquired': 'shareLeader', 'share.acknowledged': 'shareLeader', 'share.archived': 'shareLeader', 'share.redelivered': 'shareLeader',
  'share.active': 'shareLeader', 'share.startOffset': 'shareLeader', 'share.deliveries': 'shareLeader', 'share.state': 'shareLeader',
  'share.holder': 'shareLeader',
  'controller.leo': 'broker', 'controller.hw': 'broker', 'cluster.underMinIsr': 'observer', 'group.rebalances': 'observer', 'group.pausedMs': 'observer', 'group.maxPausedPartitions': 'observer', 'learner.actions': 'learner',
}

/** The properties of a statement that nobody outside can see, as the table has them. */
export const unobservableIn = (text: string): readonly string[] =>
  [...new Set(pathsOf(expression(text).node).flatMap((path) => nameOf(path) ?? []))]

function nameOf({ root, parts }: PathNode): string | undefined {
  const name = `${root.name}.${parts[0]?.name ?? ''}`
  return [root.name, name, `${name}.${parts[1]?.name ?? ''}`].find((each) => Object.hasOwn(unobservable, each))
}
