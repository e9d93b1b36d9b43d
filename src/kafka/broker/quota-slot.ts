/** Replication that is held to a rate; loaded late (`late.ts`), as no cluster begins with one. */
import { slot } from '../late.ts'
import type * as Quotas from './replication-quota.ts'

export const quotaSlot = slot<typeof Quotas>('replication quotas')
