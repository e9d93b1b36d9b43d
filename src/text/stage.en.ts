/** Every word on the stage, in English. What Kafka names itself (requests, errors, states of groups) stays as it is. */
import type { Micros, Offset } from '../base/units.ts'
import type { VoterRole } from '../projection/cluster-view.ts'
import { formatDuration, formatNumber, formatTime, plural } from './format.ts'

export interface StageText {
  readonly stage: string
  readonly brokers: string
  readonly controllers: string
  readonly metadataLog: string
  readonly committedAt: (at: Micros) => string
  readonly notCommittedYet: string
  readonly offset: string
  readonly highWatermark: (value: Offset) => string
  readonly highWatermarkShort: (value: Offset) => string
  readonly notCommitted: string
  readonly epoch: (value: number) => string
  readonly logEnd: (value: Offset) => string
  readonly rack: (name: string) => string
  readonly active: string
  /** What a voter is, in a word; the active one is `active`. */
  readonly voter: Readonly<Record<VoterRole, string>>
  /** How many would vote for it, or have: `1 of 3`. */
  readonly votes: (granted: number, of: number) => string
  /** High watermark and log end of the metadata log, in full. */
  readonly metadataEnds: (highWatermark: Offset, logEnd: Offset) => string
  /** The same in short: where the log ends, or how far it is committed and where it ends. */
  readonly metadataEnd: (highWatermark: Offset, logEnd: Offset) => string
  readonly noController: string
  readonly more: (count: number) => string

  readonly leader: (epoch: number) => string
  readonly leaderSince: (at: Micros) => string
  readonly deposed: (epoch: number) => string
  readonly leads: string
  readonly follower: string
  readonly laggard: string
  readonly backingOff: string; readonly throttled: string
  readonly stalled: string
  readonly noLeader: string
  readonly asksIsr: (kind: 'expand' | 'shrink', brokers: readonly string[]) => string
  readonly killed: (at: Micros) => string
  readonly halted: (at: Micros) => string
  readonly dirOffline: (dirs: string) => string
  readonly slowDisk: (ms: number) => string
  readonly dark: (at: Micros) => string
  readonly stopped: (at: Micros) => string
  readonly fenced: (at: Micros) => string
  readonly fencedNow: string
  readonly frozen: (at: Micros) => string
  readonly starting: (at: Micros) => string
  readonly stopping: (at: Micros) => string
  readonly down: string
  readonly restart: string
  readonly restartOf: (name: string) => string
  readonly kill: string
  readonly killOf: (name: string) => string
  readonly faultsOf: (name: string) => string
  readonly coordinates: (groups: readonly string[]) => string
  readonly cutLog: (from: Offset, to: Offset) => string
  /** Where the log begins now; what lay before is deleted. The fullest first. */
  readonly logStart: (value: Offset) => readonly string[]
  readonly gone: (count: number) => string
  readonly lost: string
  /** What became of the transaction a record was written in. */
  readonly txn: Readonly<Record<'open' | 'aborted', string>>
  readonly lastStable: (value: Offset) => string
  readonly acknowledgedAt: (at: Micros | undefined) => string
  readonly lostAcked: (at: Micros | undefined, by: string | undefined) => string

  readonly producer: string
  readonly producerLow: string
  readonly defaultIs: (value: string) => string
  readonly acknowledged: string
  readonly acked: string
  /** Of a producer with a transactional id: its epoch, and who coordinates it. */
  readonly txnEpoch: (epoch: number | undefined, coordinator: string | undefined) => readonly string[]
  readonly failed: (count: number) => string
  readonly waiting: string
  readonly inFlight: string
  readonly nothingWaits: string
  readonly believes: string
  readonly belief: (leader: string | undefined, epoch: number) => string
  readonly beliefShort: (leader: string | undefined, epoch: number) => string
  readonly noBelief: string
  readonly outOfDate: string

  readonly admin: string
  readonly noCall: string
  readonly noAnswer: string
  readonly done: string
  readonly asksNobody: string

  readonly group: string
  readonly shareGroup: string
  readonly groupLow: string
  readonly consumer: string
  readonly consumerLow: string
  readonly position: string
  readonly at: (offset: Offset) => string
  readonly noPosition: string
  readonly committed: string
  readonly lag: string
  readonly read: string
  readonly owns: string
  readonly nothingOwned: string
  readonly noMembers: string
  readonly generation: (value: number) => string
  /** Which protocol the group follows and how far it has come, the fullest first. */
  readonly progress: (protocol: 'classic' | 'consumer' | 'share', generation: number, target: number | undefined) => readonly string[]
  readonly readsOn: string
  readonly awaits: string
  readonly paused: string
  readonly passedOver: (count: number) => string
  /** Of a member: what waits for its worker thread. */
  readonly queued: (count: number) => string
  readonly queuedShort: (count: number) => string
  readonly atEpoch: (epoch: number) => string
  readonly instance: (id: string) => string
  /** A static member that is away: nobody takes its partitions before its session ends. */
  readonly placeKept: string
  readonly holding: Readonly<Record<'reads' | 'leaves' | 'comes', (partitions: readonly string[]) => string>>
  readonly state: Readonly<
    Record<'stopped' | 'closed' | 'joining' | 'stable' | 'left' | 'fatal' | 'frozen' | 'down' | 'starting' | 'stopping', string>
  >

  readonly waits: (ms: number) => string
  readonly duration: (ms: number) => string
  readonly cut: (traffic: readonly string[], rejects: boolean) => string
  /** A controller that is part of this broker's process. */
  readonly combined: string
  readonly inside: (broker: string) => string
  readonly slow: (ms: number) => string
  readonly hidden: (count: number) => string
  readonly nextFree: string

  /** Names for those who hear the stage. */
  readonly aria: {
    readonly machine: (kind: 'broker' | 'controller' | 'producer' | 'consumer' | 'group' | 'admin', name: string, state: string) => string
    readonly log: (partition: string, broker: string, role: string) => string
    readonly cell: (label: string, offset: Offset, state: 'committed' | 'uncommitted' | 'lost') => string
    readonly free: (offset: Offset) => string
    readonly quiet: (partition: string, role: string, end: Offset) => string
    readonly inFlight: string
    readonly message: (api: string, part: 'request' | 'response', from: string, to: string) => string
    readonly waiting: (api: string, from: string, broker: string) => string
    readonly link: (from: string, to: string, what: string) => string
    readonly metadata: (type: string, text: string, committed: boolean) => string
    readonly record: (label: string) => string
    readonly keys: string
  }

  readonly card: {
    readonly underWay: (passed: string, whole: string) => string
    readonly held: string
    readonly lost: string
    readonly sent: (at: Micros) => string
    readonly records: (count: number, offset: Offset | undefined) => string
    readonly highWatermark: (value: Offset) => string
    readonly request: string
    readonly response: string
    readonly ack: string
    readonly parkedFor: (passed: string, longest: string) => string
    readonly unread: string
    readonly needs: Readonly<Record<'data' | 'highWatermark' | 'members' | 'sync' | 'commit' | 'controller' | 'disk', (value: number | undefined) => string>>
  }

  readonly legend: {
    readonly request: string
    readonly response: string
    readonly parked: string
    readonly nextFree: string
    readonly ack: string
    readonly uncommitted: string
    readonly disk: string
    readonly cache: string
    readonly commit: string
    readonly abort: string
    readonly undecided: string
    readonly passedOver: string
    readonly lastStable: string
  }
}

const kinds = { broker: 'Broker', controller: 'Controller', producer: 'Producer', consumer: 'Consumer', group: 'Consumer group', admin: 'Admin client' } as const

export const stageEn: StageText = {
  stage: 'Stage',
  brokers: 'Brokers',
  controllers: 'Controllers',
  metadataLog: 'metadata log',
  committedAt: (at) => `committed ${formatTime(at)}`,
  notCommittedYet: 'not committed yet',
  offset: 'offset',
  highWatermark: (value) => `high watermark ${value}`,
  highWatermarkShort: (value) => `HW ${value}`,
  notCommitted: 'not committed',
  epoch: (value) => `epoch ${value}`,
  logEnd: (value) => `log end ${value}`,
  rack: (name) => `rack ${name}`,
  active: 'active',
  voter: { leader: 'elected', follower: '', prospective: 'asks', candidate: 'candidate', unattached: 'no leader', resigned: 'resigned' },
  votes: (granted, of) => `${granted} of ${of}`,
  metadataEnds: (highWatermark, logEnd) => `high watermark ${highWatermark}, log end ${logEnd}`,
  metadataEnd: (highWatermark, logEnd) => (highWatermark < logEnd ? `log ${highWatermark}/${logEnd}` : `log ${logEnd}`),
  noController: 'no active controller',
  more: (count) => `+${count} more`,

  leader: (epoch) => `leader, epoch ${epoch}`,
  leaderSince: (at) => `since ${formatTime(at)}`,
  deposed: (epoch) => `“I lead, epoch ${epoch}”`,
  leads: 'leader',
  follower: 'follower, in sync',
  laggard: 'follower, out of sync',
  backingOff: 'fetch backs off', throttled: 'throttled',
  stalled: 'fetch stands still',
  noLeader: 'no leader',
  asksIsr: (kind, brokers) => `asks the controller: ISR ${kind === 'expand' ? 'with' : 'without'} ${brokers.join(', ')}`,
  killed: (at) => `killed ${formatTime(at)}`,
  halted: (at) => `halted ${formatTime(at)}`,
  dirOffline: (dirs) => `${dirs} offline`,
  slowDisk: (ms) => `writes ${ms} ms slower`,
  dark: (at) => `without power since ${formatTime(at)}`,
  stopped: (at) => `shut down ${formatTime(at)}`,
  fenced: (at) => `fenced ${formatTime(at)}`,
  fencedNow: 'fenced',
  frozen: (at) => `frozen since ${formatTime(at)}`,
  starting: (at) => `starting since ${formatTime(at)}`,
  stopping: (at) => `shutting down since ${formatTime(at)}`,
  down: 'down',
  restart: 'Restart',
  restartOf: (name) => `Restart ${name}`,
  kill: 'kill -9',
  killOf: (name) => `kill -9 ${name}`,
  faultsOf: (name) => `Break ${name}`,
  coordinates: (groups) => `coordinates ${groups.join(', ')}`,
  cutLog: (from, to) => (to - from === 1 ? `cut offset ${from}` : `cut offsets ${from} to ${to - 1}`),
  logStart: (value) => [`log start ${value}, all before it deleted`, `log start ${value}`],
  gone: (count) => `${count} gone`,
  lost: 'lost',
  txn: { open: 'its transaction is open', aborted: 'its transaction was aborted' },
  lastStable: (value) => `last stable offset ${value}`,
  acknowledgedAt: (at) => (at === undefined ? 'acknowledged' : `acknowledged ${formatTime(at)}`),
  lostAcked: (at, by) =>
    `${at === undefined ? 'acknowledged' : `acknowledged ${formatTime(at)}`}${by === undefined ? '' : ` by ${by}`}, on no leader`,

  producer: 'Producer',
  producerLow: 'producer',
  defaultIs: (value) => `default: ${value}`,
  acknowledged: 'acknowledged',
  acked: 'acked',
  txnEpoch: (epoch, coordinator) => {
    const is = epoch === undefined ? 'no epoch yet' : `epoch ${epoch}`
    return coordinator === undefined ? [is] : [`${is}, coordinator ${coordinator}`, `${is}, ${coordinator}`, is]
  },
  failed: (count) => `${formatNumber('en', count)} failed`,
  waiting: 'waiting',
  inFlight: 'in flight',
  nothingWaits: 'nothing waits',
  believes: 'believes',
  belief: (leader, epoch) => (leader === undefined ? '“nobody leads”' : `“${leader} leads, epoch ${epoch}”`),
  beliefShort: (leader, epoch) => (leader === undefined ? '“nobody”' : `“${leader}, epoch ${epoch}”`),
  noBelief: '“no leader known”',
  outOfDate: 'out of date',

  admin: 'Admin client',
  noCall: 'no call under way',
  noAnswer: 'no answer yet',
  done: 'done',
  asksNobody: 'looks for a broker',

  group: 'Consumer group',
  shareGroup: 'Share group',
  groupLow: 'consumer group',
  consumer: 'Consumer',
  consumerLow: 'consumer',
  position: 'position',
  at: (offset) => `at ${offset}`,
  noPosition: 'no position',
  committed: 'committed',
  lag: 'lag',
  read: 'read',
  owns: 'owns',
  nothingOwned: 'owns nothing',
  noMembers: 'no members',
  generation: (value) => `generation ${value}`,
  progress: (protocol, generation, target) =>
    protocol === 'share' ? [`share group, epoch ${generation}`, `epoch ${generation}`] : protocol === 'classic'
      ? [`classic protocol, generation ${generation}`, `classic, generation ${generation}`, `generation ${generation}`]
      : target === undefined || target === generation
        ? [`consumer protocol, epoch ${generation}`, `consumer, epoch ${generation}`, `epoch ${generation}`]
        : [`consumer protocol, epoch ${generation}, target ${target}`, `epoch ${generation}, target ${target}`],
  readsOn: 'reads on',
  awaits: 'waits',
  paused: 'paused',
  passedOver: (count) => `${count} dropped`,
  queued: (count) => `${count} in its queue`,
  queuedShort: (count) => `${count} queued`,
  atEpoch: (epoch) => `epoch ${epoch}`,
  instance: (id) => `static: ${id}`,
  placeKept: 'place kept',
  holding: {
    reads: (partitions) => `reads ${partitions.join(', ')}`,
    leaves: (partitions) => `is to give up ${partitions.join(', ')}`,
    comes: (partitions) => `is to get ${partitions.join(', ')}`,
  },
  state: {
    stopped: 'not started',
    closed: 'closed',
    joining: 'joining',
    stable: 'reading',
    left: 'left',
    fatal: 'stopped by an error',
    frozen: 'frozen',
    down: 'killed',
    starting: 'starting',
    stopping: 'closing',
  },

  waits: (ms) => `waits ${formatDuration('en', ms < 1_000 ? Math.floor(ms) : ms)}`,
  duration: (ms) => formatDuration('en', ms < 1_000 ? Math.floor(ms) : ms),
  combined: 'KRaft, inside the brokers',
  inside: (broker) => `in ${broker}`,
  cut: (traffic, rejects) => `${rejects ? 'refuses' : 'cut'}${traffic.includes('all') ? '' : `: ${traffic.join(', ')}`}`,
  slow: (ms) => `+${formatDuration('en', ms)}`,
  hidden: (count) => `${plural(count, 'request')} of quiet partitions not drawn`,
  nextFree: 'next free',

  aria: {
    machine: (kind, name, state) => `${kinds[kind]} ${name}${state === '' ? '' : `: ${state}`}`,
    log: (partition, broker, role) => `Log of ${partition} on ${broker}: ${role}`,
    cell: (label, offset, state) =>
      `${label}, offset ${offset}, ${{ committed: 'committed', uncommitted: 'not committed', lost: 'lost' }[state]}`,
    free: (offset) => `log end ${offset}, the next free place`,
    quiet: (partition, role, end) => `${partition}: ${role}, log end ${end}`,
    inFlight: 'Messages under way',
    message: (api, part, from, to) => `${api} ${part} from ${from} to ${to}`,
    waiting: (api, from, broker) => `${api} of ${from}, waiting at ${broker}`,
    link: (from, to, what) => `Link between ${from} and ${to}: ${what}`,
    metadata: (type, text, committed) => `${type}, ${text}, ${committed ? 'committed' : 'not committed'}`,
    record: (label) => `Record ${label}`,
    keys: 'Tab from machine to machine, arrow keys inside a log, Enter to inspect, F to follow a record.',
  },

  card: {
    underWay: (passed, whole) => `${passed} of ${whole}`,
    held: 'held up',
    lost: 'lost',
    sent: (at) => `sent ${formatTime(at)}`,
    records: (count, offset) =>
      count === 0 ? 'no records' : `${plural(count, 'record')}${offset === undefined ? '' : ` from offset ${offset}`}`,
    highWatermark: (value) => `HW ${value}`,
    request: 'request',
    response: 'response',
    ack: 'acknowledgement',
    parkedFor: (passed, longest) => `waits ${passed} of at most ${longest}`,
    unread: 'still unread in the socket',
    needs: {
      data: () => 'waits for records',
      highWatermark: (value) => (value === undefined ? 'waits for the high watermark' : `waits for high watermark ${value}`),
      members: () => 'waits for the other members',
      sync: () => 'waits for the assignment',
      commit: () => 'waits for the commit to be replicated',
      controller: () => 'waits for an active controller',
      disk: () => 'waits for the disk',
    },
  },

  legend: {
    request: 'request',
    response: 'response',
    parked: 'parked',
    nextFree: 'next free',
    ack: 'acknowledged',
    uncommitted: 'uncommitted',
    disk: 'on the disk',
    cache: 'page cache only',
    commit: 'commit marker',
    abort: 'abort marker',
    undecided: 'transaction open',
    passedOver: 'aborted',
    lastStable: 'last stable offset',
  },
}
