/**
 * What must always be true, by the names of the semantics (part 9). A monitor watches one run forwards and says which
 * statement a moment breaks. It excuses nothing: an unclean election, a lost disk or a damaged file breaks some by right, and
 * whoever listens may say so.
 *
 * Notation: I = ISR, R = replicas, λ = leader, ℓ = leader epoch, π = partition epoch, LEO = log end offset,
 * HW = high watermark; trueHW = how far any leader has ever committed, and `prefix` the records below it.
 */
import type { Connection, Note, Tagged } from '../engine/process.ts'
import type { World } from '../engine/world.ts'
import { noteAdvanced, noteRebalanced, noteTarget } from './invariants-assignments.ts'
import { checkController, noteCommitted, noteCreation, recallImage } from './invariants-controller.ts'
import { checkClients, passOver } from './invariants-clients.ts'
import { checkCopies } from './invariants-exactly-once.ts'
import { noteCommitAnswered, noteCommitSent } from './invariants-groups.ts'
import { checkLiveness } from './invariants-liveness.ts'
import { checkReplicas, forgetPartition, noteLeaders, noteMoved, recallCommitted } from './invariants-log.ts'
import { checkStandings, forgetStandings, noteAsked, noteExpired, noteForgotten, noteOffset, notePlaced } from './invariants-offsets.ts'
import { noteIsrChanged, noteProposal, noteVerdict, recallProposals } from './invariants-proposals.ts'
import { checkQuorum, noteMetadataFetch, noteVoter } from './invariants-quorum.ts'
import { forgetConnections, noteFetched, noteFetchResponse, noteParked, noteProduceResponse, noteShareFetchResponse, type SentMessage } from './invariants-replication.ts'
import { noteCleaned, noteDeleted } from './invariants-rewritten.ts'
import { checkSequences } from './invariants-sequences.ts'
import { checkShares } from './invariants-share.ts'
import { checkTransactions } from './invariants-transactions.ts'
import { newMemory, type Memory, type Violation } from './invariants-memory.ts'
import { statements } from './invariants-names.ts'
import type { Fact, FactOf, NoteCode } from './notes.ts'
import type { OffsetCommitRequest } from './protocol/group.ts'

/** Looking at everything takes a while: done every so many steps. What is broken may have been so a little longer. */
const EVERY = 250
/** What is to come true in time is looked at more seldom. */
const EVERY_LIVENESS = 4

type Watcher<Figures> = (world: World, node: string, fact: Figures, memory: Memory, facts: readonly NodeFact[]) => Violation | undefined
type MessageWatcher = (world: World, sent: SentMessage<never>, memory: Memory) => Violation | undefined
interface NodeFact { readonly node: string; readonly fact: Fact }

/** Facts that a statement is about, looked at when the step that told them is over. */
const onFact: { readonly [C in NoteCode]?: Watcher<FactOf<C>> } = {
  'highWatermark.advanced': noteMoved, 'replica.fetched': noteFetched, 'request.parked': noteParked, 'segment.deleted': noteDeleted, 'log.cleaned': noteCleaned,
  'isr.changed': noteIsrChanged, 'rebalance.finished': noteRebalanced, 'group.advanced': noteAdvanced, 'target.computed': noteTarget, 'offsets.committed': noteOffset, 'offsets.expired': noteExpired, 'offset.reset': notePlaced, 'position.sought': notePlaced,
}
/** Messages that a statement is about, when the step that sent them is over. */
const onMessage: Readonly<Record<string, MessageWatcher>> = {
  FetchResponse: noteFetchResponse, ShareFetchResponse: noteShareFetchResponse, ProduceResponse: noteProduceResponse, MetadataFetchRequest: noteMetadataFetch, AlterPartitionRequest: noteProposal, AlterPartitionResponse: noteVerdict,
  CreateTopicsRequest: noteCreation, CreatePartitionsRequest: noteCreation, OffsetCommitRequest: noteCommit, OffsetCommitResponse: noteCommitAnswered, TxnOffsetCommitRequest: noteAsked,
  DeleteGroupsRequest: noteForgotten, OffsetDeleteRequest: noteForgotten,
}
function noteCommit(world: World, sent: SentMessage<OffsetCommitRequest>, memory: Memory): Violation | undefined {
  noteCommitSent(world, sent, memory)
  noteAsked(world, sent, memory)
  return undefined
}
const factWatchers: ReadonlyMap<string, Watcher<never>> = new Map(Object.entries(onFact as Readonly<Record<string, Watcher<never>>>))
const messageWatchers: ReadonlyMap<string, MessageWatcher> = new Map(Object.entries(onMessage))

export class Monitor {
  readonly #memory: Memory = newMemory()
  readonly #report: (broken: Violation, world: World) => void
  #next = 0
  #looks = 0
  /** What the step that is on has told and sent so far. */
  #facts: NodeFact[] = []
  #messages: SentMessage<Tagged>[] = []

  /** `report` is told of a statement that is broken; without it, it is an error. */
  constructor(report: (broken: Violation, world: World) => void = fail) {
    this.#report = report
  }

  /** For a run that is not looked at from its start: what it is now counts as right. */
  begin(world: World): void {
    this.#memory.isWhole = world.steps === 0
    if (!this.#memory.isWhole) this.#memory.since = world.now
    if (world.steps > 0) recallImage(world, this.#memory)
    recallCommitted(world, this.#memory)
    recallProposals(world, this.#memory)
    passOver(world, this.#memory)
  }

  /** A fact that `node` has told in the step that is on. */
  noted(node: string, fact: Note): void {
    if (factWatchers.has(fact.code)) this.#facts.push({ node, fact: fact as unknown as Fact })
  }

  /** A message that was sent in the step that is on. */
  sent(on: Connection, from: string, to: string, message: Tagged): void {
    if (messageWatchers.has(message.type)) this.#messages.push({ on, from, to, message })
  }

  /** After a step of `node`. */
  stepped(world: World, node: string): void {
    if (world.nodes.get(node)?.kind === 'controller') {
      this.#tell(world, noteVoter(world, node, this.#memory))
      this.#tell(world, noteCommitted(world, this.#memory))
    }
    if (this.#facts.length > 0) this.#takeFacts(world)
    if (this.#messages.length > 0) this.#takeMessages(world)
    if (world.steps < this.#next) return
    this.#next = world.steps + EVERY
    this.look(world)
  }

  #takeFacts(world: World): void {
    const facts = this.#facts
    this.#facts = []
    for (const { node, fact } of facts) this.#tell(world, factWatchers.get(fact.code)!(world, node, fact as never, this.#memory, facts))
  }

  #takeMessages(world: World): void {
    const messages = this.#messages
    this.#messages = []
    for (const sent of messages) this.#tell(world, messageWatchers.get(sent.message.type)!(world, sent as never, this.#memory))
  }

  /** Everything, now. */
  look(world: World): void {
    // What clients were told is held against what was committed before a loss is found, and what is known of it is given up.
    for (const check of [noteLeaders, checkQuorum, checkController, checkClients, checkReplicas, checkSequences, checkTransactions, checkShares, checkStandings, checkCopies]) this.#tell(world, check(world, this.#memory))
    if (this.#looks++ % EVERY_LIVENESS === 0) this.#tell(world, checkLiveness(world, this.#memory))
    forgetConnections(world, this.#memory)
  }

  #tell(world: World, broken: Violation | undefined): void {
    if (broken === undefined) return
    this.#report(broken, world)
    // What is lost is lost: from now on the log of whoever leads is what has been committed.
    if (broken.partition !== undefined) this.#forget(world, broken.partition)
  }

  #forget(world: World, partition: string): void {
    forgetPartition(world, partition, this.#memory)
    forgetStandings(world, this.#memory, partition)
    for (const group of this.#memory.copying.keys()) this.#memory.copying.set(group, 'unknown')
  }
}

function fail({ id, what }: Violation, world: World): never {
  throw new Error(`${id} at ${world.now / 1_000_000} s: ${statements[id]}; ${what}`)
}
