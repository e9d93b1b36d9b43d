/** Handlers with a side effect; loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Effects from './effects.ts'

export const effectsSlot = slot<Pick<typeof Effects, 'hasTakenEffect' | 'heardOfSink' | 'closeEffects'>>('side effects')
