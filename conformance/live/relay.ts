/**
 * Links between machines where there are no networks to cut: connections that lead through here, each known by who calls
 * whom, and barriers in them, one for each direction. A barrier is silent: what comes up against it stays here and goes on
 * after the heal, when TCP would have tried again. Or it answers with a reset.
 *
 * Not as in a network: a connection that is opened into a silent barrier comes about, for the kernel has accepted it before
 * anybody here is asked; then nothing is heard from it. Who opens it waits as long as he waits for an answer, not as long as
 * for a connection. One that nobody listens for comes about too, and is reset. And of a cut that goes one way
 * the other direction flows on freely, where TCP stops as soon as a window is full that nobody acknowledges.
 */
import { createServer, type AddressInfo, type Server, Socket } from 'node:net'

export type Barrier = 'silent' | 'reset' | undefined
export interface Place { readonly host: string; readonly port: number }
/** Who calls whom, at which port. */
export interface Link { readonly from: string; readonly to: string; readonly port: number }

/** TCP tries again after 0.2 s, and then after twice as long each time; a connection that is not answered after 1 s. */
const FIRST_RETRY_MS = 200
const FIRST_SYN_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 120_000

/** How long after it was first sent the next try is, if it has gone unheard for so long. */
export function nextTry(unheardMs: number, firstMs = FIRST_RETRY_MS): number {
  let at = 0
  for (let wait = firstMs; at < unheardMs; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) at += wait
  return at
}

/** What keeps still until something has been healed, and then waits for the moment at which TCP would try again. */
class Patience {
  #since: number | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #firstMs: number
  readonly #go: () => void
  constructor(firstMs: number, go: () => void) {
    this.#firstMs = firstMs
    this.#go = go
  }
  get waits(): boolean {
    return this.#since !== undefined
  }
  begin(): void {
    this.#since ??= performance.now()
  }
  healed(): void {
    if (this.#since === undefined || this.#timer !== undefined) return
    const unheard = performance.now() - this.#since
    this.#timer = setTimeout(() => {
      this.end()
      this.#go()
    }, nextTry(unheard, this.#firstMs) - unheard)
  }
  /** It is cut again. */
  halted(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
  end(): void {
    this.halted()
    this.#since = undefined
  }
}

/** One direction of one connection: what comes from one side, and goes to the other if nothing is in its way. */
class Flow {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #barrier: () => Barrier
  readonly #patience: Patience
  readonly #held: Buffer[] = []
  /** How the source has ended, which the sink is to hear. */
  #ending: 'end' | 'reset' | undefined
  constructor(source: Socket, sink: Socket, barrier: () => Barrier) {
    this.#source = source
    this.#sink = sink
    this.#barrier = barrier
    this.#patience = new Patience(FIRST_RETRY_MS, () => this.#deliver())
    source.on('data', (chunk: Buffer) => this.#data(chunk))
    source.once('end', () => this.#ended('end'))
    source.once('error', () => this.#ended('reset'))
    sink.on('drain', () => {
      if (!this.#patience.waits) source.resume()
    })
  }

  #data(chunk: Buffer): void {
    const barrier = this.#barrier()
    if (barrier === 'reset') {
      this.#ended('reset')
      this.#source.resetAndDestroy()
    } else if (barrier === 'silent' || this.#patience.waits) {
      this.#held.push(chunk)
      this.#patience.begin()
      this.#source.pause()
    } else if (!this.#sink.write(chunk)) this.#source.pause()
  }
  #ended(how: 'end' | 'reset'): void {
    this.#ending ??= how
    if (this.#barrier() !== undefined) this.#patience.begin()
    else if (!this.#patience.waits) this.#tell()
  }
  #tell(): void {
    if (this.#ending === 'end') this.#sink.end()
    else if (this.#ending === 'reset') this.#sink.resetAndDestroy()
  }
  #deliver(): void {
    for (const chunk of this.#held.splice(0)) this.#sink.write(chunk)
    this.#tell()
    this.#source.resume()
  }

  changed(): void {
    if (this.#barrier() === undefined) this.#patience.healed()
    else this.#patience.halted()
  }
  end(): void {
    this.#patience.end()
  }
}

/** A connection that somebody has opened: two directions, once the other end has been reached. */
class Connection {
  readonly #caller: Socket
  readonly #callee = new Socket({ allowHalfOpen: true }).setNoDelay(true)
  readonly #place: Place
  readonly #there: () => Barrier
  readonly #back: () => Barrier
  readonly #patience = new Patience(FIRST_SYN_RETRY_MS, () => this.#open())
  #flows: readonly Flow[] = []
  constructor(caller: Socket, place: Place, there: () => Barrier, back: () => Barrier) {
    this.#caller = caller
    this.#place = place
    this.#there = there
    this.#back = back
    // Who wants to know of an error has a listener of his own.
    for (const socket of [caller, this.#callee]) socket.on('error', () => { /* it has ended */ })
    if (there() === 'reset') caller.resetAndDestroy()
    else if (there() !== undefined || back() !== undefined) this.#patience.begin()
    else this.#open()
  }
  #open(): void {
    const refused = (): void => void this.#caller.resetAndDestroy()
    this.#callee.once('error', refused)
    this.#callee.connect(this.#place, () => {
      this.#callee.off('error', refused)
      this.#flows = [new Flow(this.#caller, this.#callee, this.#there), new Flow(this.#callee, this.#caller, this.#back)]
      this.#caller.resume()
    })
  }
  changed(): void {
    if (this.#there() === undefined && this.#back() === undefined) this.#patience.healed()
    else this.#patience.halted()
    for (const flow of this.#flows) flow.changed()
  }
  /** Nobody is left on either side, so there is nothing to be told any more. */
  get isOver(): boolean {
    return this.#caller.destroyed && (this.#callee.destroyed || this.#flows.length === 0)
  }
  end(): void {
    this.#patience.end()
    for (const flow of this.#flows) flow.end()
    for (const socket of [this.#caller, this.#callee]) socket.destroy()
  }
}

export class Relay {
  readonly #servers = new Set<Server>()
  readonly #connections = new Set<Connection>()
  readonly #barrierOf: (link: Link) => Barrier
  /** What stands in the way from one machine to another, of traffic of the service that has this port. */
  constructor(barrierOf: (link: Link) => Barrier) {
    this.#barrierOf = barrierOf
  }

  /** Whoever calls here is `from`, and is put through to the service of `to`. Port 0: any; answers with the one it is. */
  async listen({ from, to, port }: Link, here: Place, there: Place): Promise<number> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (caller) => {
      for (const old of this.#connections) if (old.isOver) this.#connections.delete(old)
      this.#connections.add(new Connection(caller, there, () => this.#barrierOf({ from, to, port }), () => this.#barrierOf({ from: to, to: from, port })))
    })
    this.#servers.add(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(here, () => resolve())
    })
    return (server.address() as AddressInfo).port
  }
  /** A barrier has come or gone. */
  changed(): void {
    for (const connection of this.#connections) connection.changed()
  }
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.end()
    await Promise.all([...this.#servers].map((server) => new Promise((resolve) => server.close(resolve))))
    this.#servers.clear()
  }
}
