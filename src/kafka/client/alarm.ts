import type { Micros } from '../../base/units.ts'

/** When to look again: at `moment`, if it lies ahead and before `at`; what has passed has been looked at already. */
export const sooner = (at: Micros, moment: Micros, now: Micros): Micros => (moment > now && moment < at ? moment : at)
