/** Which partitions an application has paused. The flag belongs to the assignment: who loses a partition and gets it back reads it. */
import type { ConsumerState } from './state.ts'

export function pausedOf({ positions }: Pick<ConsumerState, 'positions'>, partitions: Iterable<string> = positions.keys()): readonly string[] {
  return Object.freeze([...partitions].filter((partition) => positions.get(partition)?.pausedUntil !== undefined))
}
