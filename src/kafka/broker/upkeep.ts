/** What a broker does with its logs only after a while, or after a crash, and so is loaded late (`late.ts`). */
import { slot } from '../late.ts'
import type * as Cleaner from '../log/cleaner.ts'
import type * as Recovery from '../log/recovery.ts'

export const cleanerSlot = slot<typeof Cleaner>('the cleaner of compacted logs')
export const recoverySlot = slot<typeof Recovery>('the recovery of logs')
