/** The monitors of transactions and share groups can see: a world that is spoiled by hand breaks the statement that it is about. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import '../scenario/whole.ts'
import { append, at } from '../base/chunks.ts'
import { noWatch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import type { Broker } from '../kafka/broker/state.ts'
import type { ConsumerState } from '../kafka/client/consumer/state.ts'
import { Monitor } from '../kafka/invariants.ts'
import type { InvariantId } from '../kafka/invariants-names.ts'
import { inFlight, recordAt, setRecord } from '../kafka/share/in-flight.ts'
import { SECOND } from '../base/units.ts'
import { parseScenario } from '../scenario/parse.ts'
import { advance, newRun, playMachine } from '../scenario/play.ts'

/** The world of a laboratory file when this step is under way, looked at for a first time. */
function worldIn(file: string, step: number): { readonly world: World; readonly look: () => readonly InvariantId[] } {
  const { scenario } = parseScenario(readFileSync(new URL(`../../scenarios/laboratory/${file}.yaml`, import.meta.url), 'utf8'))
  const run = newRun(scenario!, scenario!.seed, noWatch)
  advance(playMachine(scenario!, noWatch, 'watch'), run, 600 * SECOND, () => run.play.step >= step || run.play.endedAt !== undefined)
  const found: InvariantId[] = []
  const monitor = new Monitor(({ id }) => found.push(id))
  monitor.begin(run.world)
  const look = (): readonly InvariantId[] => {
    monitor.look(run.world)
    return found.splice(0)
  }
  expect(look()).toEqual([])
  return { world: run.world, look }
}
const brokers = ({ nodes }: World): readonly Broker[] => [...nodes.values()].flatMap(({ kind, state }) => (kind === 'broker' && state !== undefined ? [state as Broker] : []))
const leaderOf = (world: World, partition: string): Broker => brokers(world).find(({ replicas }) => replicas.get(partition)?.leading !== undefined)!
const coordinatorOf = (world: World): Broker => brokers(world).find(({ transactions }) => transactions.coordinator.transactions.size > 0)!

test('INV-T3: complete at its coordinator, and still open in a log', () => {
  const { world, look } = worldIn('s36-commit-and-abort', 2)
  for (const transaction of coordinatorOf(world).transactions.coordinator.transactions.values()) transaction.metadata = Object.freeze({ ...transaction.metadata, state: 'CompleteCommit' })
  expect(look()).toContain('INV-T3')
})

test('INV-T4: a careful reader that was given what is not committed', () => {
  const { world, look } = worldIn('s36-commit-and-abort', 2)
  const [rc, ru] = ['rc', 'ru'].map((name) => (world.nodes.get(name)!.state as ConsumerState).notebook)
  rc!.handled = ru!.handled
  expect(look()).toContain('INV-T4')
})

test('INV-T1 and INV-T7: a batch of another epoch in a transaction, and two coordinators of one term', () => {
  const { world, look } = worldIn('s36-commit-and-abort', 2)
  const { log } = leaderOf(world, 't/0').replicas.get('t/0')!
  const last = at(log.batches, log.batches.length - 1)!
  append(log.batches, Object.freeze({ ...last, producerEpoch: last.producerEpoch + 1 }))
  expect(look()).toContain('INV-T1')
  const other = worldIn('s36-commit-and-abort', 2)
  const coordinator = coordinatorOf(other.world)
  const idle = brokers(other.world).find((broker) => broker !== coordinator)!
  for (const [partition, epoch] of coordinator.transactions.coordinator.partitions) idle.transactions.coordinator.partitions.set(partition, epoch)
  expect(other.look()).toContain('INV-T7')
})

test('INV-S1: a start that went back, a finished record handed out again, one too many deliveries, two leaders', () => {
  const spoil = (how: (world: World, leader: Broker) => void): readonly InvariantId[] => {
    const { world, look } = worldIn('s33-share-group', 3)
    const leader = brokers(world).find(({ share }) => share !== undefined && [...share.partitions.values()].some(({ batches }) => batches.length > 0))!
    how(world, leader)
    return look()
  }
  const only = ({ share }: Broker) => [...share!.partitions.values()].find(({ batches }) => batches.length > 0)!
  expect(spoil((_, leader) => { only(leader).startOffset-- })).toEqual(['INV-S1'])
  expect(spoil((_, leader) => {
    const share = only(leader)
    for (const { first, last } of share.batches) for (let offset = first; offset <= last; offset++) if (recordAt(share, offset)!.state === 'ACKNOWLEDGED' || recordAt(share, offset)!.state === 'ARCHIVED') setRecord(share, offset, inFlight('AVAILABLE', 1))
  })).toEqual(['INV-S1'])
  expect(spoil((_, leader) => { setRecord(only(leader), only(leader).batches[0]!.first, inFlight('ACQUIRED', 99, 'A')) })).toEqual(['INV-S1'])
  expect(spoil((world, leader) => {
    const idle = brokers(world).find((broker) => broker !== leader && broker.share !== undefined)!
    idle.share!.partitions.set([...leader.share!.partitions.keys()][0]!, only(leader))
  })).toEqual(['INV-S1'])
})
