/** What came of admin and raw actions that have a name, as statements speak of it. */
import { toMs } from '../base/units.ts'
import type { Node } from '../engine/world.ts'
import type { AdminState } from '../kafka/client/admin/state.ts'
import type { Value } from './expression.ts'
import type { Observed } from './observed.ts'

const resultsOf = ({ kind, state, disk }: Node): AdminState['results'] | undefined =>
  (kind === 'admin' ? ((state ?? disk) as AdminState | undefined)?.results : undefined)

export function readResult({ world }: Observed, name: string, property: string): Value {
  const result = [...world.nodes.values()].flatMap((node) => resultsOf(node)?.get(name) ?? [])[0]
  if (property === 'done') return result?.answeredAt !== undefined
  if (result?.answeredAt === undefined) return undefined
  switch (property) {
    case 'error': return result.error === 'NONE' ? undefined : result.error
    case 'value': return result.value
    case 'at': return toMs(result.answeredAt)
    case 'took': return toMs(result.answeredAt - result.calledAt)
    default: return undefined
  }
}
