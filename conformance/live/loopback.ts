/**
 * Links where a machine forbids namespaces. Everybody listens on a loopback address of his own, and calls the others by name:
 * each JVM has a hosts file of its own, in which every name is another address, that of the relay between these two. So the
 * relay knows who calls whom by the address that is called, and a link can be cut.
 */
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { BROKER_PORT, CONTROLLER_PORT, type Cut, type Links } from './links.ts'
import { Relay, type Barrier, type Link, type Place } from './relay.ts'

export class Loopback implements Links {
  readonly #base: string
  readonly #addresses: ReadonlyMap<string, string>
  readonly #cuts = new Set<Cut>()
  /** Whom a machine finds through a proxy of its own: `c b1`. */
  readonly #standIns = new Set<string>()
  readonly #relay = new Relay((link) => barrierOf([...this.#cuts], link))
  readonly #services: readonly string[]
  constructor(base: string, addresses: ReadonlyMap<string, string>, services: readonly string[]) {
    this.#base = base
    this.#addresses = addresses
    this.#services = services
  }

  async build(): Promise<void> {
    for (const from of this.#addresses.keys()) {
      writeFileSync(this.#hostsFileOf(from), this.hostsOf(from))
      for (const to of this.#services) {
        if (to === from) continue
        for (const port of [BROKER_PORT, CONTROLLER_PORT]) await this.#relay.listen({ from, to, port }, { host: this.#between(from, to), port }, { host: this.#addresses.get(to)!, port })
      }
    }
  }
  close(): Promise<void> {
    return this.#relay.close()
  }

  hostOf(name: string): string {
    return name
  }
  optionsOf(name: string): readonly string[] {
    return [`-Djdk.net.hosts.file=${this.#hostsFileOf(name)}`]
  }
  #hostsFileOf(name: string): string {
    return join(this.#base, `hosts-${name}`)
  }
  /** Nothing else is asked for names: a machine's own, and that of the one that all of this runs on, are in there too. */
  hostsOf(from: string): string {
    const rows = this.#services.map((to) => `${from === to ? this.#addresses.get(to)! : this.#standIns.has(`${from} ${to}`) ? this.#between(from, to, 1) : this.#between(from, to)} ${to}`)
    return [...rows, `127.0.0.1 localhost ${hostname()}`, ''].join('\n')
  }
  /** 127.0.0.x are the machines themselves; each of them reaches them by 127.y.0.x. */
  #between(from: string, to: string, third = 0): string {
    const [own, other] = [from, to].map((name) => this.#addresses.get(name)!.split('.').at(-1)!)
    return `127.${own}.${third}.${other}`
  }

  cut(cut: Cut): void {
    this.#cuts.add(cut)
    this.#relay.changed()
  }
  heal(cut: Cut): void {
    this.#cuts.delete(cut)
    this.#relay.changed()
  }

  impersonate(of: string, broker: string): void {
    this.#standIns.add(`${of} ${broker}`)
    writeFileSync(this.#hostsFileOf(of), this.hostsOf(of))
  }
  standIn(of: string, broker: string): { readonly listen: Place; readonly broker: Place } {
    return { listen: { host: this.#between(of, broker, 1), port: BROKER_PORT }, broker: { host: this.#between(of, broker), port: BROKER_PORT } }
  }
}

/** What these cuts put in the way of what goes from one to the other, to or from a service at this port. */
export function barrierOf(cuts: readonly Cut[], { from, to, port }: Link): Barrier {
  const found = cuts.filter((cut) => cut.from === from && cut.to === to && (cut.traffic === 'all' || (cut.traffic === 'controller') === (port === CONTROLLER_PORT)))
  return found.some(({ reset }) => !reset) ? 'silent' : found.length > 0 ? 'reset' : undefined
}
