/** What poll() throws and no application here catches: the program ends. */
import type { KafkaError } from '../../errors.ts'
import type { ConsumerContext, ConsumerState, Position } from './state.ts'

export function fail(state: ConsumerState, { partition, offset }: Position, error: KafkaError, ctx: ConsumerContext): void {
  state.notebook.lastError = error
  state.fatal = true
  ctx.note({ code: 'consumer.failed', consumer: state.config.id, partition, offset, error, policy: state.settings.reset })
}
