/** What machines of a live cluster are linked by: networks of their own, or a relay on loopback addresses. */
import type { Place } from './relay.ts'

export const BROKER_PORT = 9092
export const CONTROLLER_PORT = 9093

export type Traffic = 'all' | 'replication' | 'controller' | 'clients'
/** `to` does not hear `from` any more. */
export interface Cut { readonly from: string; readonly to: string; readonly traffic: Traffic; readonly reset: boolean }

/** What the machines are linked by. */
export interface Links {
  build(): Promise<void>
  close(): Promise<void>
  /** What others call this machine by. */
  hostOf(name: string): string
  /** What a JVM on this machine has to be told so that it finds the others. */
  optionsOf(name: string): readonly string[]
  cut(cut: Cut): void
  heal(cut: Cut): void
  /** From now on `of` finds a proxy of its own where it looks for this broker. */
  impersonate(of: string, broker: string): void
  /** Where that proxy listens, and where it finds the broker. */
  standIn(of: string, broker: string): { readonly listen: Place; readonly broker: Place }
}

/** Brokers from 10.98.0.10 on, controllers from .110 on, everybody else from .150 on. */
export function addressesOf(brokers: readonly string[], controllers: readonly string[], others: readonly string[], isolated = true): ReadonlyMap<string, string> {
  const rows = [[brokers, 10], [controllers, 110], [others, 150]] as const
  return new Map(rows.flatMap(([names, from]) => names.map((name, i) => [name, `${isolated ? '10.98.0' : '127.0.0'}.${from + i}`] as const)))
}

export const placeText = ({ host, port }: Place): string => `${host}:${port}`
