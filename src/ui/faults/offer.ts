/** A line of the fault menu, and the machine or rack that it is about. */
import type { Intervention } from '../../bridge/protocol.ts'
import type { Condition } from '../../projection/cluster-view.ts'
import type { IconName } from '../parts/desk-icons.tsx'

export interface Offer {
  readonly id: string
  readonly icon: IconName
  /** Pressed while the menu is open. */
  readonly letter?: string
  readonly title: string
  readonly more: string
  readonly does?: readonly Intervention[]
  readonly form?: 'produce' | 'config'
  readonly inside?: readonly Offer[]
}

export interface Victim {
  readonly name: string
  readonly kind: 'rack' | 'broker' | 'controller' | 'producer' | 'consumer' | 'admin' | 'toy'
  readonly condition: Condition
}

/** A fault in force, and what ends it. */
export interface InForce {
  readonly id: string
  readonly icon: IconName
  readonly title: string
  readonly since: number
  readonly ends: readonly Intervention[]
}
