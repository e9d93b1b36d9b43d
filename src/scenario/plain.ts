import { adminOf } from './admin-actions.ts'
import type { LateRoot } from './late-readers.ts'
import type { Scenario } from './types.ts'

/** Share groups, transactions, other protocols and assignors than the default, toys, side effects: whatever needs them says one of these somewhere. */
const BEYOND_PLAIN = /shareConsumers|pushBroker|"of"|poison|ladder|"dead"|transactional|compression\.type|consumer\.(session|heartbeat|assignment)|group\.protocol|assignor|assignment\.strategy/

/** A statement whose reader comes with the rest. */
const late: readonly LateRoot[] = ['cluster', 'controller', 'broker', 'topic', 'partition', 'replica', 'producer', 'consumer', 'group', 'share', 'toy', 'txn', 'app', 'result']
const LATE_STATEMENT = new RegExp(`\\b(${late.join('|')})(\\([^)]*\\))?\\.[a-z]`)

/** This file can be played without the parts of the model that are loaded late (`kafka/late.ts`). A word too many only loads them. */
export function isPlain(scenario: Scenario): boolean {
  const text = JSON.stringify(scenario)
  return adminOf(scenario) === undefined && !BEYOND_PLAIN.test(text) && !LATE_STATEMENT.test(text)
}
