/** What statements can speak of, by its first word. What each has is said by `vocabulary.ts`. */
export const rootNames = [
  'cluster', 'controller', 'broker', 'topic', 'partition', 'replica', 'producer', 'consumer', 'group', 'share', 'app', 'ledger', 'txn', 'toy', 'registry', 'connector', 'streams', 'mirror', 'result', 'event', 'step', 'learner',
] as const
export type RootName = (typeof rootNames)[number]
export const isRootName = (name: string): name is RootName => (rootNames as readonly string[]).includes(name)
