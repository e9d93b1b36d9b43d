/** What both kinds of client configure alike. */
import { fromMs, type Micros } from '../../base/units.ts'
import { numberOf, type Overrides } from '../config.ts'
import type { NetworkConfig } from '../network/client.ts'

export interface MetadataSettings { readonly retryBackoffMs: number; readonly retryBackoffMaxMs: number; readonly maxAge: Micros }

type Scope = 'producer' | 'consumer'

export const networkSettings = (scope: Scope, configs: Overrides): NetworkConfig => Object.freeze({
  requestTimeout: fromMs(numberOf(scope, configs, 'request.timeout.ms')),
  reconnectBackoffMs: numberOf(scope, configs, 'reconnect.backoff.ms'),
  reconnectBackoffMaxMs: numberOf(scope, configs, 'reconnect.backoff.max.ms'),
  connectionSetupTimeout: fromMs(numberOf(scope, configs, 'socket.connection.setup.timeout.ms')),
})

export const metadataSettings = (scope: Scope, configs: Overrides): MetadataSettings => Object.freeze({
  retryBackoffMs: numberOf(scope, configs, 'retry.backoff.ms'),
  retryBackoffMaxMs: numberOf(scope, configs, 'retry.backoff.max.ms'),
  maxAge: fromMs(numberOf(scope, configs, 'metadata.max.age.ms')),
})

/** Configs with some set and others back at their defaults. Frozen. */
export function withChanges(configs: Overrides, set: Overrides, unset: readonly string[]): Overrides {
  const changed: Record<string, Overrides[string]> = { ...configs, ...set }
  for (const name of unset) delete changed[name]
  return Object.freeze(changed)
}
