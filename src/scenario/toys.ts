/** What a file puts beside the cluster, and is not Kafka: toys and sinks as machines, and clients whose handlers ask those sinks. */
import type { NodeSpec } from '../engine/simulation.ts'
import type { ConsumerConfig } from '../kafka/client/consumer/state.ts'
import type { ClusterSpec } from '../kafka/cluster.ts'
import { sinkNode } from '../sink/sink.ts'
import { toyNodes } from '../toy/nodes.ts'
import { rateOf } from './compile.ts'
import type { AppSpec, Scenario, ToySpec } from './types.ts'

/** Of a sender the format asks for a rate. */
const EVERY_SECOND = { count: 1, per: 1_000_000 }

export function withBeside(spec: ClusterSpec, { toys = [], apps = [] }: Scenario): ClusterSpec {
  const asks = <Config extends ConsumerConfig>(marks?: 'acknowledge') => (client: Config): Config => {
    const sinks = sinksOf(client.id, apps)
    return sinks.length === 0 ? client : Object.freeze({ ...client, effects: Object.freeze({ sinks, ...(marks === undefined ? {} : { marks }) }) })
  }
  return {
    ...spec, consumers: spec.consumers.map(asks()), ...(spec.shareConsumers === undefined ? {} : { shareConsumers: spec.shareConsumers.map(asks('acknowledge')) }),
    producers: spec.producers.map((client) => {
      const sinks = sinksOf(client.id, apps)
      return client.reads === undefined || sinks.length === 0 ? client : Object.freeze({ ...client, reads: Object.freeze({ ...client.reads, sinks }) })
    }),
    beside: [...toys.flatMap(nodesOfToy), ...apps.flatMap(nodesOfApp)],
  }
}

/** What the handler of this client asks, in the order of the file. */
const sinksOf = (client: string, apps: readonly AppSpec[]): readonly string[] => Object.freeze(apps.flatMap(({ id, of }) => (of?.includes(client) === true ? [id] : [])))

const nodesOfToy = ({ id, kind, whenFull = 'drop', senders, readers }: ToySpec): readonly NodeSpec[] => toyNodes({
  id, whenFull: kind === 'queue' ? 'keep' : whenFull, senders: senders.map((each) => ({ id: each.id, rate: rateOf(each.rate) ?? EVERY_SECOND })), readers: readers.map((each) => ({ id: each.id, processMs: each.processMs ?? 0, inbox: each.inbox })),
})

/** One that only reads is no machine: it is what a group's handlers have done. */
const nodesOfApp = ({ id, of, effect = 'row', identity = 'value', dedupe = false }: AppSpec): readonly NodeSpec[] => (of === undefined ? [] : [sinkNode({ id, of, effect, identity, dedupe })])
