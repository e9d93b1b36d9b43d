/** The transaction coordinator in this broker, which is loaded late (`late.ts`). */
import { slot } from '../late.ts'
import type * as Coordinator from '../transaction/coordinator.ts'

export const coordinatorSlot = slot<typeof Coordinator>('transaction coordinators')
