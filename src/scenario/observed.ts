/** What the readers of a world may ask the observer: the state, and the accounts that are kept beside it. */
import type { Micros } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { nodeName } from '../kafka/broker/state.ts'
import type { Ledger } from '../kafka/ledger.ts'
import type { MetadataImage, PartitionRegistration } from '../kafka/metadata/image.ts'
import type { AppAccount } from './apps.ts'
import type { Pause } from './pauses.ts'
import type { Scenario } from './types.ts'

/** By what one business event is told from another. */
export type Identity = 'value' | 'key' | 'offset'

export interface Observed {
  readonly scenario: Scenario
  readonly world: World
  /** The clock is looked at as if it were so much ahead. */
  readonly shift: Micros
  /** As the controller has it committed. */
  readonly committed: MetadataImage | undefined
  readonly ledger: Ledger
  partition(name: string): PartitionRegistration | undefined
  /** How many sends of this client stand in a log more than once. */
  duplicatedOf(client: string): number
  /** What came of each application, as far as somebody has asked; of this run alone. */
  readonly accounts: Map<string, AppAccount>
  /** What rebalances have taken from the readers of this group. */
  pauseOf(group: string): Pause | undefined
  /** By which field an app on this topic tells one business event from another. */
  identityOf(topic: string): Identity
  /** Where a process stands: down in order, down at once, frozen, or by its own word. */
  stateOf(name: string, alive: string): string
}

export const leaderName = (id: number | undefined): string | undefined => (id === undefined || id < 0 ? undefined : nodeName(id))
