/** The properties files of a live cluster, from the cluster of a scenario as the simulator compiles it. */
import type { ClusterSpec } from '../../src/kafka/cluster.ts'
import { BROKER_PORT, CONTROLLER_PORT } from './links.ts'

export interface NodeConfig {
  readonly name: string
  readonly id: number
  readonly roles: readonly ('broker' | 'controller')[]
  /** Where its logs lie: one directory, or several; and where the metadata log does. */
  readonly logDirs: readonly string[]
  readonly metadataDir: string
  readonly properties: Readonly<Record<string, string>>
}

const IN_FILE = '/var/lib/kafka'

export interface Place {
  /** The directory of all nodes. */
  readonly base: string
  readonly addressOf: (name: string) => string
  /** What the others call it by. */
  readonly hostOf: (name: string) => string
  /** A machine with a network of its own listens on all its addresses: it has a second one, for who stands between it and a client. */
  readonly isolated: boolean
}

/** All nodes; of a combined cluster only the brokers, which are the controllers too. */
export function nodeConfigs(spec: ClusterSpec, { base: root, addressOf, hostOf, isolated }: Place): readonly NodeConfig[] {
  const base = (name: string): string => `${root}/${name}`
  const combined = spec.combined === true
  const voterHosts = Array.from({ length: spec.controllers }, (_, i) => (combined ? { id: i + 1, name: `b${i + 1}` } : { id: 101 + i, name: `k${i + 1}` }))
  const voters = voterHosts.map(({ id, name }) => `${id}@${hostOf(name)}:${CONTROLLER_PORT}`).join(',')
  const common = { 'controller.quorum.voters': voters, 'controller.listener.names': 'CONTROLLER', 'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT', ...internal(spec), ...spec.overrides }
  const controllers = combined ? [] : voterHosts.map(({ id, name }): NodeConfig => {
    const dir = `${base(name)}/data-0`
    const listeners = `CONTROLLER://${addressOf(name)}:${CONTROLLER_PORT}`
    const properties = { ...common, 'process.roles': 'controller', 'node.id': String(id), listeners, 'advertised.listeners': `CONTROLLER://${hostOf(name)}:${CONTROLLER_PORT}`, 'log.dirs': dir }
    return { name, id, roles: ['controller'], logDirs: [dir], metadataDir: dir, properties }
  })
  const brokers = spec.brokers.map(({ id, rack, overrides, logDirs = 1 }): NodeConfig => {
    const name = `b${id}`
    const isVoter = combined && id <= spec.controllers
    const dirs = Array.from({ length: logDirs }, (_, i) => `${base(name)}/data-${i}`)
    const own = Object.fromEntries(Object.entries(overrides).map(([key, value]) => [key, String(value).replace(IN_FILE, base(name))]))
    const listenersOn = (clients: string, voters: string): string => [`PLAINTEXT://${clients}:${BROKER_PORT}`, ...(isVoter ? [`CONTROLLER://${voters}:${CONTROLLER_PORT}`] : [])].join(',')
    const listeners = listenersOn(isolated ? '0.0.0.0' : addressOf(name), addressOf(name))
    const properties = {
      ...common, ...own, 'process.roles': isVoter ? 'broker,controller' : 'broker', 'node.id': String(id), listeners, 'log.dirs': dirs.join(','),
      'advertised.listeners': listenersOn(hostOf(name), hostOf(name)), ...(rack === undefined ? {} : { 'broker.rack': rack }),
    }
    return { name, id, roles: isVoter ? ['broker', 'controller'] : ['broker'], logDirs: dirs, metadataDir: own['metadata.log.dir'] ?? dirs[0]!, properties }
  })
  return [...controllers, ...brokers]
}

/** Kafka's own topics are made beforehand, where the simulator has them; what is not there yet has to fit on these brokers. */
function internal({ brokers }: ClusterSpec): Readonly<Record<string, string>> {
  const factor = String(Math.min(3, brokers.length)), minIsr = String(Math.min(2, brokers.length))
  return {
    'offsets.topic.replication.factor': factor, 'transaction.state.log.replication.factor': factor, 'transaction.state.log.min.isr': minIsr,
    'share.coordinator.state.topic.replication.factor': factor, 'share.coordinator.state.topic.min.isr': minIsr,
  }
}

export const propertiesText = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties).map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`).join('')

export const featuresText = (features: ClusterSpec['features'] = {}): string =>
  (Object.keys(features).length === 0 ? '-' : Object.entries(features).map(([name, level]) => `${name}=${level}`).join(','))
