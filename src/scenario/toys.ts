/** Toys of a file as machines. */
import type { NodeSpec } from '../engine/simulation.ts'
import { toyNodes } from '../toy/nodes.ts'
import { rateOf } from './compile.ts'
import type { ToySpec } from './types.ts'

/** Of a sender the format asks for a rate. */
const EVERY_SECOND = { count: 1, per: 1_000_000 }

export const nodesOfToys = (toys: readonly ToySpec[]): readonly NodeSpec[] => toys.flatMap(({ id, kind, whenFull = 'drop', senders, readers }) => toyNodes({
  id, whenFull: kind === 'queue' ? 'keep' : whenFull, senders: senders.map((each) => ({ id: each.id, rate: rateOf(each.rate) ?? EVERY_SECOND })), readers: readers.map((each) => ({ id: each.id, processMs: each.processMs ?? 0, inbox: each.inbox })),
}))
