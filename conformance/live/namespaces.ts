/** Networks of their own: a namespace and a card for each machine of the scenario, one bridge, and cuts at the receiver. */
import type { Host } from './host.ts'
import { BROKER_PORT, CONTROLLER_PORT, type Cut, type Links } from './links.ts'
import type { Place } from './relay.ts'

/** A second address of each machine: where a proxy finds a broker whose own address it has taken. */
export const aliasOf = (address: string): string => address.replace('10.98.0.', '10.98.1.')

export class Namespaces implements Links {
  readonly #machine: Host
  readonly #addresses: ReadonlyMap<string, string>
  readonly #filter: Filter
  constructor(machine: Host, addresses: ReadonlyMap<string, string>) {
    this.#machine = machine
    this.#addresses = addresses
    this.#filter = filterOf(machine)
  }

  /** One command for all of it: each entry into the namespaces takes a moment. */
  build(): Promise<void> {
    this.#machine.run('sh', '-ec', buildScript(this.#addresses, this.#filter))
    return Promise.resolve()
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
  hostOf(name: string): string {
    return this.#addresses.get(name) ?? name
  }
  optionsOf(): readonly string[] {
    return []
  }
  cut(cut: Cut): void {
    this.#refuse('add', cut)
  }
  heal(cut: Cut): void {
    this.#refuse('del', cut)
  }
  #refuse(verb: 'add' | 'del', cut: Cut): void {
    if (this.#filter === 'iptables') for (const rule of rulesOf(cut, this.#addresses)) this.#machine.runIn(cut.to, 'iptables', verb === 'add' ? '-A' : '-D', 'INPUT', ...rule)
    else for (const rule of routesOf(cut, this.#addresses)) this.#machine.run('ip', '-n', cut.to, 'rule', verb, 'pref', '50', ...rule)
  }

  /** On the machine `of`, the address of `broker` is its own: what it sends there stays there, for a proxy. */
  impersonate(of: string, broker: string): void {
    // Nobody else may take it for the broker: it answers only for addresses of the card that it is asked on.
    this.#machine.runIn(of, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce')
    this.#machine.run('ip', '-n', of, 'addr', 'add', `${this.hostOf(broker)}/32`, 'dev', 'lo')
  }
  standIn(_of: string, broker: string): { readonly listen: Place; readonly broker: Place } {
    const host = this.hostOf(broker)
    return { listen: { host, port: BROKER_PORT }, broker: { host: aliasOf(host), port: BROKER_PORT } }
  }
}

/** What drops packets at the receiver: its packet filter; where there is none, its routing, which can be as silent. */
export type Filter = 'iptables' | 'rules'

/** So that routing is asked about everything that comes in, also what belongs to an open connection. */
const asked = (name: string): readonly string[] => [
  `ip -n ${name} rule add pref 100 lookup local`, `ip -n ${name} rule del pref 0`,
  `nsenter --net=/run/netns/${name} sh -c 'echo 0 > /proc/sys/net/ipv4/ip_early_demux; echo 0 > /proc/sys/net/ipv4/tcp_early_demux'`,
]

export function buildScript(addresses: ReadonlyMap<string, string>, filter: Filter): string {
  return ['ip link add hub type bridge', 'ip link set hub up', 'ip addr add 10.98.0.254/24 dev hub', ...[...addresses].flatMap(([name, address], i) => [
    `ip netns add ${name}`, `ip link add p${i} type veth peer name eth0 netns ${name}`, `ip link set p${i} master hub up`,
    `ip -n ${name} link set lo up`, `ip -n ${name} link set eth0 up`, `ip -n ${name} addr add ${address}/24 dev eth0`, `ip -n ${name} addr add ${aliasOf(address)}/24 dev eth0`,
    ...(filter === 'rules' ? asked(name) : []),
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

/** The same by routing: what comes from there falls into a black hole. It cannot answer with a reset. */
export function routesOf({ from, traffic }: Cut, addresses: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const address = addresses.get(from) ?? ''
  return [address, aliasOf(address)].flatMap((each) => {
    const source = ['iif', 'eth0', 'from', each]
    if (traffic === 'all') return [[...source, 'blackhole']]
    const port = String(traffic === 'controller' ? CONTROLLER_PORT : BROKER_PORT)
    return ['dport', 'sport'].map((side) => [...source, 'ipproto', 'tcp', side, port, 'blackhole'])
  })
}

export function filterOf(machine: Host): Filter {
  if (process.env['PARTITURA_LIVE_FILTER'] === 'rules') return 'rules'
  try {
    machine.run('iptables', '-L', '-n')
    return 'iptables'
  } catch {
    return 'rules'
  }
}
