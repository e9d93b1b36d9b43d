/** A conformance vector: what is fed to the engine, and what Kafka's own classes answered. */
export interface Vector {
  readonly id: string
  readonly kind: string
  readonly variant?: string
  readonly title?: string
  readonly input: unknown
  readonly expected: unknown
}

/** Translates a vector's input for the engine's own functions, and what they answer into the vector's words. */
export type Adapter = (input: unknown) => unknown
/** By kind, or `kind/variant`. */
export type Adapters = Readonly<Record<string, Adapter>>

/** Inputs are what the shape of their kind says; nothing else is checked here. */
export const adapter =
  <Input>(answer: (input: Input) => unknown): Adapter =>
  (input) =>
    answer(input as Input)

export const bytesOf = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16))
export const hexOf = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
