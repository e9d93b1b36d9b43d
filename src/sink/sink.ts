/**
 * Where effects of applications happen: a database with a table, or a gateway that sends e-mails. It does what it is asked, at
 * once and for good; nothing that happens to it takes anything of it back, and no transaction of Kafka reaches it. With a unique
 * key it refuses an identity that it has.
 * Simplified: a sink takes no time, does whatever it is asked, and has never lost anything. Real ones are slow, time out, fail, and
 * can lose what they had answered for.
 */
import { append, newChunks, type Chunks } from '../base/chunks.ts'
import type { Micros } from '../base/units.ts'
import type { Connection, Context, ProcessType } from '../engine/process.ts'
import type { NodeSpec } from '../engine/simulation.ts'
import { identityOf, type EffectIdentity, type EffectKind, type EffectRequest, type EffectResponse } from './effects.ts'
import type { Again, SinkFact } from './notes.ts'

export interface SinkConfig {
  readonly id: string; readonly effect: EffectKind; readonly identity: EffectIdentity
  /** It has a unique key on the identity. */
  readonly dedupe: boolean
  /** Whose handlers it serves. */
  readonly of: readonly string[]
}

/** Frozen. */
export interface Effect extends EffectRequest { readonly identity: string; readonly at: Micros; readonly nth: number }

export interface Sink {
  readonly config: SinkConfig
  /** Its rows, or the mails that have gone out, in order. */
  made: Chunks<Effect>
  /** What it refused, in order. */
  refused: Chunks<Effect>
  /** By identity: how many there are of it, how many more were refused, and the last that was asked for. */
  known: Map<string, { times: number; refused: number; last: Effect }>
}

function handleEffect(state: Sink, asked: EffectRequest, on: Connection, ctx: Context<SinkFact>): void {
  const { config, known } = state
  const identity = identityOf(asked, config.identity)
  const before = known.get(identity)
  const isRefused = before !== undefined && config.dedupe
  const effect: Effect = Object.freeze({ ...asked, identity, at: ctx.now, nth: (before?.times ?? 0) + 1 })
  const { client, partition, offset, marks, intervalMs, txn, handling } = asked
  const told = { sink: config.id, effect: config.effect, client, partition, offset, identity }
  append(isRefused ? state.refused : state.made, effect)
  known.set(identity, { times: (before?.times ?? 0) + (isRefused ? 0 : 1), refused: (before?.refused ?? 0) + (isRefused ? 1 : 0), last: effect })
  if (before === undefined) ctx.note({ code: 'effect.made', ...told })
  else {
    const again = { ...told, why: whyAgain(before.last, effect), before: before.last.client, was: `${before.last.partition}@${before.last.offset}`, marks, intervalMs, txn }
    ctx.note(isRefused ? { code: 'effect.refused', ...again } : { code: 'effect.repeated', times: before.times + 1, ...again })
  }
  const response: EffectResponse = { type: 'EffectResponse', handling, outcome: isRefused ? 'present' : 'made' }
  ctx.send(on, response)
}

function whyAgain(before: Effect, now: Effect): Again {
  if (before.partition !== now.partition || before.offset !== now.offset) return 'sameIdentity'
  if (before.group !== now.group) return 'otherGroup'
  if (before.client !== now.client) return 'otherMember'
  if (before.session !== now.session) return 'restarted'
  if (before.handling !== now.handling) return 'readAgain'
  return now.attempt > before.attempt ? 'noAnswer' : 'copied'
}

export const sinkType: ProcessType<SinkConfig, Sink, EffectRequest, never, never, SinkFact> = {
  kind: 'sink',
  boot: (config, disk) => ({ config, made: disk?.made ?? newChunks(), known: disk?.known ?? new Map(), refused: disk?.refused ?? newChunks() }),
  disk: ({ made, known, refused }) => ({ made, known, refused }),
  messages: { EffectRequest: handleEffect },
  timers: {},
  signals: { Connected: () => undefined, Disconnected: () => undefined, Terminate: (_state, _signal, ctx) => ctx.exit() },
  orders: {},
}

/** It runs from 00:00 on. */
export const sinkNode = (config: SinkConfig): NodeSpec => ({ name: config.id, kind: 'sink', config: Object.freeze({ ...config, of: Object.freeze(config.of.slice()) }), running: true })
