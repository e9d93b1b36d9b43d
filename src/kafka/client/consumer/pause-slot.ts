/** Partitions that are assigned and not read: loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Pause from './pause.ts'

export const pauseSlot = slot<Pick<typeof Pause, 'pauseByHand' | 'resumeDue'>>('partitions that are paused')
