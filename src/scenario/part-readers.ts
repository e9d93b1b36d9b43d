/** Roots of statements that come with a part of the model: `share(jobs)`, `toy(hub)`, and `app(mail)` where that is the side effect of clients. */
import type { Value } from './expression.ts'
import type { Observed } from './observed.ts'

export type ReadRoot = (observer: Observed, name: string, property: string, args: readonly string[], inner?: string) => Value
export const partReaders: { share?: ReadRoot; toy?: ReadRoot; effects?: ReadRoot } = {}
