import { adminOf } from './admin-actions.ts'
import type { Scenario } from './types.ts'

/** Share groups, transactions, other protocols and assignors than the default, toys, side effects: whatever needs them says one of these somewhere. */
const BEYOND_PLAIN = /shareConsumers|pushBroker|"of"|poison|ladder|"dead"|transactional|compression\.type|consumer\.(session|heartbeat|assignment)|group\.protocol|assignor|assignment\.strategy/

/** This file can be played without the parts of the model that are loaded late (`kafka/late.ts`). A word too many only loads them. */
export const isPlain = (scenario: Scenario): boolean => adminOf(scenario) === undefined && !BEYOND_PLAIN.test(JSON.stringify(scenario))
