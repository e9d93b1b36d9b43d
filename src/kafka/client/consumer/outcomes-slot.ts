/** Handlers that fail, and topics that are read later; both are loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Outcomes from './outcomes.ts'

export const outcomesSlot = slot<Pick<typeof Outcomes, 'failed' | 'endProgram' | 'holdBack' | 'sideTopicOf'>>('handlers that fail')
