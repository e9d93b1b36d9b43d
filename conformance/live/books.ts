/** What each client of a live run has done and been told, kept as the simulator's notebooks keep it. */
import type { Told } from './probe.ts'

export interface Send {
  readonly n: number; readonly key: string | null; readonly value: string | null; readonly sentAt: number
  partition: string | undefined; offset: number; error: string | undefined; at: number | undefined
}
export interface Handled { readonly partition: string; readonly offset: number; readonly key: string | undefined; readonly value: string | undefined; readonly at: number }

export class Book {
  readonly id: string
  /** Numbers that were given out before this process began. */
  sends: Send[] = []
  acks: 0 | 1 | -1
  acked = 0; failed = 0; retries = 0; batches = 0; requests = 0; recordsInBatches = 0
  lastError: string | undefined
  fenced = false
  lastAckAt: number | undefined
  longestGap = 0
  latencies: number[] = []
  readonly errors = new Map<string, number>()
  txnState: string | undefined
  producerId: number | undefined
  producerEpoch: number | undefined
  /** `stopped` until it is started. */
  state = 'stopped'
  readonly beliefs = new Map<string, { leader: number | undefined; epoch: number | undefined }>()
  // A reader's
  polls = 0; emptyPolls = 0
  readonly returned = new Map<string, number[]>()
  readonly handled: Handled[] = []
  /** What its handler failed on and what went to another topic: dealt with, though not handled. */
  readonly filtered: { readonly partition: string; readonly offset: number; readonly at: number }[] = []
  readonly moved: { readonly partition: string; readonly offset: number; readonly at: number }[] = []
  assignedLast: readonly string[] = []; revoked: readonly string[] = []
  assignedCount = 0; revokedCount = 0; lostCount = 0
  positions = new Map<string, { offset?: number; epoch?: number; leader?: number; paused?: true }>()
  generation = -1
  readonly fetches = new Map<number, number>()
  /** Of a share consumer: by `t/0`, what it was given and has not given back, and how often it was delivered. */
  readonly holds = new Map<string, Map<number, number>>()
  /** By `t/0@5`: the delivery count that came with it last. */
  readonly deliveries = new Map<string, number>()
  /** What it has said of a record last, and of how many the leader has taken its acceptance. */
  readonly #answers = new Map<string, string>()
  accepted = 0; redelivered = 0
  constructor(id: string, acks: 0 | 1 | -1) {
    this.id = id
    this.acks = acks
  }

  get sent(): number {
    return this.sends.length
  }
  /** Of those sends that are decided, and before which everything is. */
  get decided(): number {
    return this.decidedBy(Infinity)
  }
  decidedBy(moment: number): number {
    let n = 0
    for (const { at } of this.sends) {
      if (at === undefined || at > moment) break
      n++
    }
    return n
  }

  take(told: Told): void {
    switch (told.e) {
      case 'sent': this.#sent(told); break
      case 'acked': this.#acked(told); break
      case 'failed': this.#failed(told); break
      case 'produces': this.#produces(told); break
      case 'refused': count(this.errors, String(told['error']), Number(told['count'] ?? 1)); break
      case 'state': this.state = String(told['state']); break
      case 'txn':
        this.txnState = String(told['state'])
        this.producerId = told['id'] as number | undefined
        this.producerEpoch = told['epoch'] as number | undefined
        break
      case 'belief': this.beliefs.set(String(told['p']), { leader: told['leader'] as number | undefined, epoch: told['epoch'] as number | undefined }); break
      case 'error':
        this.#error(String(told['error']))
        if (told['fatal'] === true) this.state = 'fatal'
        break
      default: this.#reads(told)
    }
  }

  #reads(told: Told): void {
    switch (told.e) {
      case 'polled': this.#polled((told['records'] ?? []) as readonly (readonly [string, number, number, number?])[]); break
      case 'handled': this.handled.push({ partition: String(told['p']), offset: Number(told['o']), key: text(told['key']), value: text(told['value']), at: told.at }); break
      case 'handler-failed':
        if (told['to'] !== undefined) this.moved.push({ partition: String(told['p']), offset: Number(told['o']), at: told.at })
        break
      case 'filtered': this.filtered.push({ partition: String(told['p']), offset: Number(told['o']), at: told.at }); break
      case 'ends': this.processEnded('down', told.at); break
      case 'assigned':
        this.assignedLast = told['partitions'] as string[]
        this.assignedCount++
        break
      case 'revoked':
        this.revoked = told['partitions'] as string[]
        this.revokedCount++
        break
      case 'lost-partitions': this.lostCount++; break
      case 'positions': this.positions = new Map(Object.entries(told['of'] as Record<string, object>)); break
      case 'generation': this.generation = Number(told['generation']); break
      case 'asks': count(this.fetches, Number(told['to']), 1); break
      case 'acknowledged': this.#acknowledged(told); break
      case 'answered':
        this.#answers.set(`${String(told['p'])}@${String(told['o'])}`, String(told['as']))
        if (told['as'] !== 'renew') this.holds.get(String(told['p']))?.delete(Number(told['o']))
        break
    }
  }
  /** Its leader has answered. What it did not say anything of was accepted by its next poll(). */
  #acknowledged(told: Told): void {
    if (typeof told['error'] === 'string') {
      count(this.errors, told['error'], 1)
      this.#error(told['error'])
      return
    }
    for (const [partition, offset] of told['offsets'] as readonly (readonly [string, number])[]) {
      const as = this.#answers.get(`${partition}@${offset}`) ?? 'accept'
      if (as === 'renew' || !this.deliveries.has(`${partition}@${offset}`)) continue
      if (as === 'accept') this.accepted++
      if (!this.#answers.has(`${partition}@${offset}`)) this.holds.get(partition)?.delete(offset)
    }
  }

  #sent(told: Told): void {
    this.sends.push({
      n: Number(told['n']), key: told['key'] as string | null, value: told['value'] as string | null, sentAt: told.at,
      partition: undefined, offset: -1, error: undefined, at: undefined,
    })
  }
  #sendOf(told: Told): Send | undefined {
    return this.sends.findLast(({ n }) => n === told['n'])
  }
  #acked(told: Told): void {
    const send = this.#sendOf(told)
    if (send === undefined) return
    Object.assign(send, { partition: told['p'], offset: told['o'], error: 'NONE', at: told.at })
    if (this.acks === 0) return
    this.acked++
    this.latencies.push(Math.round((told.at - send.sentAt) / 1_000))
    if (this.lastAckAt !== undefined) this.longestGap = Math.max(this.longestGap, told.at - this.lastAckAt)
    this.lastAckAt = told.at
  }
  #failed(told: Told): void {
    const send = this.#sendOf(told)
    const error = String(told['error'])
    if (send !== undefined) Object.assign(send, { partition: told['p'] ?? undefined, error, at: told.at })
    this.failed++
    this.#error(error)
  }
  #error(error: string): void {
    this.lastError = error
    // What came over the wire has been counted there; this is known in the client alone.
    if (clientsOwn.has(error)) count(this.errors, error, 1)
    if (FENCING.has(error)) this.fenced = true
  }
  #produces(told: Told): void {
    this.requests++
    for (const { again, count: records } of told['batches'] as readonly { again: boolean; count: number }[]) {
      if (again) this.retries++
      else {
        this.batches++
        this.recordsInBatches += records
      }
    }
  }
  #polled(records: readonly (readonly [string, number, number, number?])[]): void {
    this.polls++
    if (records.length === 0) this.emptyPolls++
    for (const [partition, offset, , deliveries] of records) {
      const list = this.returned.get(partition) ?? []
      list.push(offset)
      this.returned.set(partition, list)
      if (deliveries === undefined) continue
      const held = this.holds.get(partition) ?? new Map<number, number>()
      held.set(offset, deliveries)
      if (deliveries > 1) this.redelivered++
      this.#answers.delete(`${partition}@${offset}`)
      this.deliveries.set(`${partition}@${offset}`, deliveries)
      this.holds.set(partition, held)
    }
  }

  /** The process is gone: what it did not hear of by then it never will. */
  processEnded(state: 'stopped' | 'down', at: number): void {
    this.state = state
    for (const send of this.sends) send.at ??= at
    this.positions = new Map()
    this.holds.clear()
    this.beliefs.clear()
    this.txnState = undefined
  }
}

/** Outcomes inside of a client, never on the wire. */
export const clientsOwn: ReadonlySet<string> = new Set(['TIMED_OUT', 'CONFIG', 'COMMIT_FAILED', 'RETRIABLE_COMMIT_FAILED', 'NO_OFFSET', 'LOG_TRUNCATION'])
const FENCING: ReadonlySet<string> = new Set(['PRODUCER_FENCED', 'INVALID_TXN_STATE', 'INVALID_PRODUCER_EPOCH', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'STALE_MEMBER_EPOCH'])
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
function count<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
