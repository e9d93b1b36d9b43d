/** The network of a live cluster: a namespace and an address for each machine of the scenario, one bridge, and cuts. */
import type { Host } from './host.ts'

export const BROKER_PORT = 9092
export const CONTROLLER_PORT = 9093

export type Traffic = 'all' | 'replication' | 'controller' | 'clients'
export interface Cut { readonly from: string; readonly to: string; readonly traffic: Traffic; readonly reset: boolean }

/** Brokers from 10.98.0.10 on, controllers from .110 on, everybody else from .150 on. */
export function addressesOf(brokers: readonly string[], controllers: readonly string[], others: readonly string[], isolated = true): ReadonlyMap<string, string> {
  const rows = [[brokers, 10], [controllers, 110], [others, 150]] as const
  return new Map(rows.flatMap(([names, from]) => names.map((name, i) => [name, `${isolated ? '10.98.0' : '127.0.0'}.${from + i}`] as const)))
}

/** A second address of each machine: where a proxy finds a broker whose own address it has taken. */
export const aliasOf = (address: string): string => address.replace('10.98.0.', '10.98.1.')

export class Network {
  readonly #machine: Host
  readonly #addresses: ReadonlyMap<string, string>
  readonly #cuts: Cut[] = []
  constructor(machine: Host, addresses: ReadonlyMap<string, string>) {
    this.#machine = machine
    this.#addresses = addresses
  }

  addressOf(name: string): string {
    const address = this.#addresses.get(name)
    if (address === undefined) throw new Error(`no machine ${name}`)
    return address
  }
  get cuts(): readonly Cut[] {
    return this.#cuts
  }
  /** On the machine `of`, the address of `broker` is its own: what it sends there stays there, for a proxy. */
  impersonate(of: string, broker: string): void {
    this.#machine.run('ip', '-n', of, 'addr', 'add', `${this.addressOf(broker)}/32`, 'dev', 'lo')
  }

  /** One command for all of it: each entry into the namespaces takes a moment. */
  build(): void {
    if (!this.#machine.isolated) return
    this.#machine.run('sh', '-ec', buildScript(this.#addresses))
  }

  cut(cut: Cut): void {
    for (const rule of rulesOf(cut, this.#addresses)) this.#machine.runIn(cut.to, 'iptables', '-A', 'INPUT', ...rule)
    this.#cuts.push(cut)
  }
  /** Ends every cut between these two, both ways. False: there was none. */
  heal(a: string, b: string): boolean {
    const found = this.#cuts.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
    for (const cut of found) {
      for (const rule of rulesOf(cut, this.#addresses)) this.#machine.runIn(cut.to, 'iptables', '-D', 'INPUT', ...rule)
      this.#cuts.splice(this.#cuts.indexOf(cut), 1)
    }
    return found.length > 0
  }
}

export function buildScript(addresses: ReadonlyMap<string, string>): string {
  return ['ip link add hub type bridge', 'ip link set hub up', 'ip addr add 10.98.0.254/24 dev hub', ...[...addresses].flatMap(([name, address], i) => [
    `ip netns add ${name}`, `ip link add p${i} type veth peer name eth0 netns ${name}`, `ip link set p${i} master hub up`,
    `ip -n ${name} link set lo up`, `ip -n ${name} link set eth0 up`, `ip -n ${name} addr add ${address}/24 dev eth0`, `ip -n ${name} addr add ${aliasOf(address)}/24 dev eth0`,
  ])].join('\n')
}

/** What a machine refuses to hear, at the receiving side: silently, or with a reset. */
export function rulesOf({ from, traffic, reset }: Cut, addresses: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const deny = reset ? ['-j', 'REJECT', '--reject-with', 'tcp-reset'] : ['-j', 'DROP']
  const address = addresses.get(from) ?? ''
  return [address, aliasOf(address)].flatMap((each) => {
    const source = ['-s', each]
    if (traffic === 'all') return reset ? [[...source, '-p', 'tcp', ...deny], [...source, '-j', 'DROP']] : [[...source, ...deny]]
    const port = String(traffic === 'controller' ? CONTROLLER_PORT : BROKER_PORT)
    return [[...source, '-p', 'tcp', '--dport', port, ...deny], [...source, '-p', 'tcp', '--sport', port, ...deny]]
  })
}

export function hasPacketFilter(machine: Host): boolean {
  try {
    machine.run('iptables', '-L', '-n')
    return true
  } catch {
    return false
  }
}
