/** What an admin client keeps: calls under way, and what came of each. */
import type { Micros } from '../../../base/units.ts'
import type { Context } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import type { NetworkClient } from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import type { AdminRequest } from '../../protocol/admin.ts'
import type { Errand, Wish } from './errands.ts'

export type AdminContext = Context<Fact>

export interface AdminConfig {
  readonly id: string
  /** Brokers to ask, in this order. */
  readonly bootstrap: readonly string[]
}

/** Frozen. */
export interface AdminCall {
  readonly number: number
  readonly request: AdminRequest | Wish
  /** Under which its result is kept. */
  readonly name: string | undefined
  readonly calledAt: Micros
}

/** Frozen; replaced when the answer comes. */
export interface AdminResult {
  readonly calledAt: Micros
  /** undefined = not yet. */
  readonly answeredAt: Micros | undefined
  readonly error: KafkaError | undefined
  /** Where the answer is a number. */
  readonly value: number | undefined
}

export interface AdminState {
  readonly config: AdminConfig
  /** A purpose is the number of a call. */
  network: NetworkClient<number>
  /** In the order in which they were made. */
  calls: AdminCall[]
  /** How far those calls have come that take several requests, by number. */
  errands: Map<number, Errand>
  next: number
  results: Map<string, AdminResult>
}
