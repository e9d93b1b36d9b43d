/** The network of a live cluster: an address for each machine of the scenario, and cuts between them. */
import type { Host } from './host.ts'
import type { Cut, Links } from './links.ts'
import { Loopback } from './loopback.ts'
import { Namespaces } from './namespaces.ts'

/** `services`: who of them can be called. */
export const linksOf = (host: Host, addresses: ReadonlyMap<string, string>, services: readonly string[]): Links =>
  (host.isolated ? new Namespaces(host, addresses) : new Loopback(host.base, addresses, services))

export class Network {
  readonly links: Links
  readonly #addresses: ReadonlyMap<string, string>
  readonly #cuts: Cut[] = []
  constructor(links: Links, addresses: ReadonlyMap<string, string>) {
    this.links = links
    this.#addresses = addresses
  }

  /** Where it listens itself. */
  addressOf(name: string): string {
    const address = this.#addresses.get(name)
    if (address === undefined) throw new Error(`no machine ${name}`)
    return address
  }
  get cuts(): readonly Cut[] {
    return this.#cuts
  }
  cut(cut: Cut): void {
    this.links.cut(cut)
    this.#cuts.push(cut)
  }
  /** Ends every cut between these two, both ways. False: there was none. */
  heal(a: string, b: string): boolean {
    const found = this.#cuts.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
    for (const cut of found) {
      this.links.heal(cut)
      this.#cuts.splice(this.#cuts.indexOf(cut), 1)
    }
    return found.length > 0
  }
}
