/** When a broker looks at the requests that wait (REP-18). */
import type { Micros } from '../../base/units.ts'
import type { Broker, BrokerContext } from './state.ts'

/** One timer for all that wait, set for the first deadline. What is answered earlier leaves it alone: it looks again when it fires. */
export function armParked(broker: Broker, deadline: Micros, ctx: BrokerContext): void {
  if (broker.parked.armedFor <= deadline) return
  broker.parked.armedFor = deadline
  ctx.setTimer({ type: 'parkedDue' }, deadline - ctx.now)
}
