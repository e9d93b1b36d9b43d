/**
 * What statements speak of, read from a world. An observer sees all machines at once, as nobody in the cluster can. What
 * is here are the accounts of the run; each part of the cluster has a reader of its own (`observers.ts`).
 */
import { known } from '../base/assert.ts'
import { toMs } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { account, duplicatesOf, newLedgerIndex, type Ledger, type LedgerIndex } from '../kafka/ledger.ts'
import { controllerOf } from '../kafka/look.ts'
import type { MetadataImage, PartitionRegistration } from '../kafka/metadata/image.ts'
import type { AppAccount } from './apps.ts'
import type { Value } from './expression.ts'
import type { PathNode } from './expression-syntax.ts'
import type { Identity, Observed } from './observed.ts'
import { lateReaders, type LateRoot } from './late-readers.ts'
import type { Pause, Pauses } from './pauses.ts'
import type { Scenario } from './types.ts'

/** Counted since 00:00: how often something was told, first and last when. */
export interface Tally { count: number; firstAt: number; lastAt: number }
/** What a statement may know of the run beside its world. */
export interface Telling {
  /** `code`, or `code|about`. */
  readonly tallies: ReadonlyMap<string, Tally>
  readonly marks: readonly { readonly id: string; readonly startAt: number; readonly endAt: number | undefined }[]
  /** How a process that is down came to its end. */
  readonly ended: ReadonlyMap<string, 'stopped' | 'crashed'>
  readonly pauses: Pauses
  readonly actions: number
}

export const tallyKey = (code: string, about: string | undefined): string => (about === undefined ? code : `${code}|${about}`)

export class Observer implements Observed {
  readonly scenario: Scenario
  world!: World
  telling!: Telling
  /** Look at the same state by a clock that is so much ahead. */
  shift = 0
  #index: LedgerIndex = newLedgerIndex()
  #indexed: World | undefined
  #ledger: Ledger | undefined
  #ledgerAt = -1
  /** What a reader has counted so far in this run, by name. */
  accounts = new Map<string, AppAccount>()
  constructor(scenario: Scenario) {
    this.scenario = scenario
  }

  /** Look at this world from now on; one that was put back is counted anew. */
  look(world: World, telling: Telling): this {
    this.world = world
    this.telling = telling
    if (this.#indexed !== world) {
      this.#indexed = world
      this.#index = newLedgerIndex()
      this.#ledgerAt = -1
      this.accounts = new Map()
    }
    return this
  }

  readonly read = (path: PathNode): Value => {
    const [root, property, inner] = [path.root, path.parts[0], path.parts[1]]
    const name = root.args[0]?.text ?? ''
    if (property === undefined) return undefined
    const args = property.args.map(({ text }) => text)
    switch (root.name) {
      case 'ledger': return this.#account(property.name)
      case 'event': return this.#event(tallyKey(name, root.args[1]?.text), property.name)
      case 'step': return this.#step(name, property.name)
      case 'learner': return property.name === 'actions' ? this.telling.actions : undefined
      default: return known(lateReaders[root.name as LateRoot], root.name)(this, name, property.name, args, inner?.name)
    }
  }

  get committed(): MetadataImage | undefined {
    return controllerOf(this.world)?.committed
  }
  partition(name: string): PartitionRegistration | undefined {
    return this.committed?.partitions.get(name)
  }
  /** The omniscient account, made once a step. */
  get ledger(): Ledger {
    if (this.#ledger === undefined || this.#ledgerAt !== this.world.steps) {
      this.#ledger = account(this.world, this.#index)
      this.#ledgerAt = this.world.steps
    }
    return this.#ledger
  }
  duplicatedOf(client: string): number {
    void this.ledger
    return duplicatesOf(this.#index, client)
  }
  pauseOf(group: string): Pause | undefined {
    return this.telling.pauses.get(group)
  }
  identityOf(topic: string): Identity {
    return this.scenario.apps?.find(({ reads }) => reads === topic)?.identity ?? 'value'
  }
  stateOf(name: string, alive: string): string {
    const condition = this.world.nodes.get(name)?.condition
    if (condition === 'down') return this.telling.ended.get(name) === 'stopped' ? 'stopped' : 'down'
    return condition === 'frozen' ? 'frozen' : alive
  }

  #account(property: string): Value {
    const { ledger } = this
    switch (property) {
      case 'produced': return ledger.produced
      case 'acked': return ledger.acked
      case 'lost': return ledger.lost.length
      case 'unavailable': return ledger.unavailable
      case 'duplicated': return ledger.duplicated
      case 'ackedInvisible': return ledger.ackedInvisible
      case 'outOfOrderKeys': return ledger.outOfOrderKeys
      default: return undefined
    }
  }

  #event(key: string, property: string): Value {
    const tally = this.telling.tallies.get(key)
    if (property === 'count') return tally?.count ?? 0
    if (tally === undefined || tally.count === 0) return undefined
    return toMs(property === 'firstAt' ? tally.firstAt : tally.lastAt)
  }
  #step(id: string, property: string): Value {
    const mark = this.telling.marks.find((each) => each.id === id)
    if (mark === undefined) return undefined
    if (property === 'startAt') return toMs(mark.startAt)
    if (mark.endAt === undefined) return undefined
    return toMs(property === 'endAt' ? mark.endAt : mark.endAt - mark.startAt)
  }
}
