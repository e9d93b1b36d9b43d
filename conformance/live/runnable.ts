/** What a file asks for that no real cluster can be made to do here, found before anything is started. */
import '../../src/scenario/whole.ts'
import { compile } from '../../src/scenario/compile.ts'
import { selectorOf } from '../../src/scenario/selectors.ts'
import type { Action, Scenario, Targets } from '../../src/scenario/types.ts'
import { actionsOf } from './clients.ts'
import { failingObstacle } from './failing.ts'

/** What the machine we run on is able to do. */
export interface Means {
  /** A link can answer with a reset. */
  readonly resets: boolean
  /** File systems of our own can be mounted where nobody else sees them. */
  readonly disks: boolean
}

export const ALL_MEANS: Means = { resets: true, disks: true }

/** JVMs that 4 GiB have room for. */
const MOST_NODES = 9

const list = (targets: Targets | undefined): readonly string[] => (targets === undefined ? [] : typeof targets === 'string' ? [targets] : targets)

/** Every reason, or none. */
export function obstacles(scenario: Scenario, means: Means): readonly string[] {
  const { brokers, controllers = 3, combined = false } = scenario.cluster
  const nodes = (typeof brokers === 'number' ? brokers : brokers.length) + (combined ? 0 : controllers)
  const { producers = [], consumers = [], shareConsumers = [], transactional = [] } = scenario.clients ?? {}
  const foreign = [...producers, ...consumers, ...shareConsumers, ...transactional].find(({ library }) => library === 'librdkafka')
  const failing = failingObstacle(compile(scenario), scenario)
  return [
    ...(nodes > MOST_NODES ? [`${nodes} nodes are more than a machine with 4 GiB has room for (${MOST_NODES})`] : []),
    ...(foreign === undefined ? [] : [`${foreign.id} uses librdkafka: the probe hosts Java's clients only`]),
    ...(scenario.meta?.['simulatorOnly'] === 'momentaryStops' ? ['stops: it stops between two messages, and nobody outside a cluster can look so quickly'] : []),
    ...(failing === undefined ? [] : [failing]),
    ...((scenario.toys ?? []).length === 0 ? [] : ['a toy is not Kafka']),
    ...((scenario.apps ?? []).some(({ of }) => of !== undefined) ? ['a side effect happens outside of Kafka'] : []),
    ...((scenario.steps ?? []).length === 0 ? ['it has no steps'] : []),
    ...new Set(actionsOf(scenario).flatMap((action) => obstacleOf(action, means) ?? [])),
  ]
}

function obstacleOf(action: Action, { resets, disks }: Means): string | undefined {
  if (action.powerLoss !== undefined) return 'powerLoss: what a page cache loses in a power cut cannot be lost without one'
  if (action.clock !== undefined) return 'clock: the machines share one clock'
  if (action.stallFetch !== undefined) return 'stallFetch: no switch of a broker holds back its fetchers alone'
  if (action.slow?.disk !== undefined) return 'slow: a disk that is slow by so much cannot be had'
  if (action.slow !== undefined) return 'slow: exact delays of a link need netem, which kernels like this one lack'
  if (action.cut?.reset === true && !resets) return 'cut: only a packet filter answers with a reset, and there is no iptables'
  if ((action.failDisk ?? action.fillDisk ?? action.freeDisk) !== undefined && !disks) return 'disks: mounting file systems of our own needs root, and namespaces, where nobody else sees them'
  for (const order of [action.dropNext, action.delayNext, action.duplicateNext]) {
    if (order === undefined) continue
    const isNode = (name: string): boolean => /^[bk]\d+$/.test(name) || selectorOf(name) !== undefined
    if (list(order.from).every(isNode) && list(order.to).every(isNode)) return `${order.api}: only messages between a client and a broker go through a proxy`
  }
  return undefined
}
