/** Toys and sinks of a file as machines: what stands beside the cluster, and is not Kafka. */
import type { NodeSpec } from '../engine/simulation.ts'
import { sinkNode } from '../sink/sink.ts'
import { toyNodes } from '../toy/nodes.ts'
import { rateOf } from './compile.ts'
import type { AppSpec, Scenario, ToySpec } from './types.ts'

/** Of a sender the format asks for a rate. */
const EVERY_SECOND = { count: 1, per: 1_000_000 }

export const nodesBeside = ({ toys = [], apps = [] }: Pick<Scenario, 'toys' | 'apps'>): readonly NodeSpec[] => [...toys.flatMap(nodesOfToy), ...apps.flatMap(nodesOfApp)]

const nodesOfToy = ({ id, whenFull, senders, readers }: ToySpec): readonly NodeSpec[] => toyNodes({
  id, whenFull, senders: senders.map((each) => ({ id: each.id, rate: rateOf(each.rate) ?? EVERY_SECOND })), readers: readers.map((each) => ({ id: each.id, processMs: each.processMs ?? 0, inbox: each.inbox })),
})

/** One that only reads is no machine: it is what a group's handlers have done. */
const nodesOfApp = ({ id, of, effect = 'row', identity = 'value', dedupe = false }: AppSpec): readonly NodeSpec[] => (of === undefined ? [] : [sinkNode({ id, of, effect, identity, dedupe })])
