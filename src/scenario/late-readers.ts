/**
 * Roots of statements whose readers are loaded late (`kafka/late.ts`): a page that begins with the plain cluster asks for
 * none of them. `observers.ts` brings them.
 */
import type { Value } from './expression.ts'
import type { Observed } from './observed.ts'

export type LateRoot = 'cluster' | 'controller' | 'broker' | 'topic' | 'partition' | 'replica' | 'producer' | 'consumer' | 'group' | 'share' | 'toy' | 'txn' | 'app' | 'result'
export type ReadRoot = (observer: Observed, name: string, property: string, args: readonly string[], inner?: string) => Value
export const lateReaders: { [root in LateRoot]?: ReadRoot } = {}
