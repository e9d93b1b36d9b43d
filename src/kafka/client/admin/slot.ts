/** Admin clients, which are loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Admin from './admin.ts'

export const adminSlot = slot<Pick<typeof Admin, 'adminType' | 'storyOf'>>('admin clients')
