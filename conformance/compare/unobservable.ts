/**
 * What no real cluster can be asked about from outside. A statement that rests on such a property, and that the live side
 * could not judge, is counted apart, by property; one that it could not judge for any other reason is a difference.
 */
import { expression, pathsOf } from '../../src/scenario/expression.ts'
import type { PathNode } from '../../src/scenario/expression-syntax.ts'

const story = 'an event of the simulator\'s story: of a real cluster only what it changes can be seen'
const clientInside = 'inside the client: its API does not tell'
const brokerInside = 'inside the broker: no request tells'
const leaderMemory = 'in the memory of the share partition\'s leader: the listings show what is persisted'

/** By root and property; a root alone stands for all of its properties. */
export const unobservable: Readonly<Record<string, string>> = {
  event: story,
  'replica.hw': 'a follower\'s high watermark is not in any answer (JMX and a checkpoint every 5 s)',
  'replica.leo': 'a follower\'s end is in no answer but as a rough lag (DescribeLogDirs)',
  'replica.lagMs': 'caught-up times are in the leader\'s memory', 'replica.truncations': brokerInside,
  'replica.dirtyRecords': 'the page cache belongs to the operating system', 'broker.dirtyRecords': 'the page cache belongs to the operating system',
  'broker.recoveries': brokerInside, 'broker.starts': brokerInside, 'broker.epoch': brokerInside, 'broker.diskUsedPct': brokerInside,
  'producer.buffered': clientInside, 'producer.inFlight': clientInside, 'producer.blocked': clientInside, 'producer.retries': clientInside,
  'producer.requests': clientInside, 'producer.batches': clientInside, 'producer.avgBatchRecords': clientInside,
  'producer.p50LatencyMs': clientInside, 'producer.believes': clientInside, 'producer.epochOf': clientInside,
  'consumer.believes': clientInside, 'consumer.epochOf': clientInside, 'consumer.fetchesFrom': clientInside, 'consumer.emptyPolls': clientInside,
  'share.acquired': leaderMemory, 'share.acknowledged': leaderMemory, 'share.archived': leaderMemory, 'share.redelivered': leaderMemory,
  'share.active': leaderMemory, 'share.startOffset': leaderMemory, 'share.deliveries': leaderMemory, 'share.state': leaderMemory,
  'share.holder': leaderMemory,
  'group.pausedMs': 'counted by the simulator\'s observer', 'group.maxPausedPartitions': 'counted by the simulator\'s observer',
  'learner.actions': 'there is no learner',
}

/** The properties of a statement that nobody outside can see, as the table has them. */
export const unobservableIn = (text: string): readonly string[] =>
  [...new Set(pathsOf(expression(text).node).flatMap((path) => nameOf(path) ?? []))]

function nameOf({ root, parts }: PathNode): string | undefined {
  const name = `${root.name}.${parts[0]?.name ?? ''}`
  return Object.hasOwn(unobservable, root.name) ? root.name : Object.hasOwn(unobservable, name) ? name : undefined
}
