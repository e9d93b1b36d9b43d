/** How often each error name has come up: answers and outcomes, retried or not. */
import type { KafkaError } from '../errors.ts'

export type ErrorCounts = Map<KafkaError, number>

export function countError(errors: ErrorCounts, error: KafkaError): void {
  errors.set(error, (errors.get(error) ?? 0) + 1)
}
