/** All that is said of toys, in English: they are not Kafka, and say so wherever they are met. */
import type { ToyFact } from '../toy/notes.ts'
import { formatDuration, formatNumber, names, plural } from './format.ts'

export type SayToy = { readonly [C in ToyFact['code']]: (fact: Extract<ToyFact, { code: C }>) => string }

const time = (ms: number): string => formatDuration('en', ms)
/** `feed#7` */
const message = (name: string): string => {
  const [sender = '', number] = name.split('#')
  return number === undefined ? `message ${sender}` : `message ${number} of ${sender}`
}
const held = (count: number): string => (count === 0 ? 'nothing waits behind it' : `${formatNumber('en', count)} ${count === 1 ? 'waits' : 'wait'} behind it`)

export const toyNotesEn: SayToy = {
  'toy.subscribed': ({ toy, reader, inbox, before, taken }) =>
    `${reader} subscribed to ${toy} with an inbox of ${formatNumber('en', inbox)}.${before === 0 ? '' : ` What was ${taken === true ? 'taken' : 'sent'} before, ${plural(before, 'message')}, is nowhere any more.`}`,
  'toy.pushed': ({ toy, message: which, readers, whenFull }) => {
    if (readers.length === 0) return `${toy} had nobody to push ${message(which)} to, and forgot it.`
    return whenFull === 'drop' ? `${toy} pushed ${message(which)} to ${names('en', readers)} at once. It asked nobody whether there was room.` : `${toy} pushed ${message(which)} to ${names('en', readers)}, as everybody had room.`
  },
  'toy.handed': ({ toy, reader, message: which, waiting }) => `${toy} gave ${message(which)} to ${reader}, to nobody else, and has forgotten it; ${waiting === 0 ? 'it is empty' : `${formatNumber('en', waiting)} ${waiting === 1 ? 'waits' : 'wait'}`}.`,
  'toy.queued': ({ reader, message: which, waiting, inbox }) => `${reader} is busy: ${message(which)} waits in its inbox, ${formatNumber('en', waiting)} of ${formatNumber('en', inbox)} places taken.`,
  'toy.dropped': ({ reader, message: which, inbox, dropped }) => `${reader} dropped ${message(which)}: all ${formatNumber('en', inbox)} places of its inbox were taken. It is gone, as nobody else keeps it; ${formatNumber('en', dropped)} so far.`,
  'toy.processed': ({ reader, message: which, processMs, waiting }) => `${reader} has processed ${message(which)}, in ${time(processMs)}; ${held(waiting)}.`,
  'toy.missed': ({ toy, reader, count, why }) => why === 'memory'
    ? `${reader} was down, and its inbox was memory: ${plural(count, 'message')} in its hands went with it.`
    : `${reader} was away: ${plural(count, 'message')} went by meanwhile, and ${toy} keeps none.`,
  'toy.blocked': ({ toy, reader, message: which, inbox }) => `${toy} waits: the ${formatNumber('en', inbox)} places of ${reader}'s inbox are taken. Until one is free nobody gets ${message(which)}.`,
  'toy.unblocked': ({ toy, reader, blockedMs }) => `${toy} goes on: it had waited ${time(blockedMs)} for ${reader}.`,
  'toy.heldBack': ({ toy, sender, message: which }) => `${sender} has to wait: ${toy} has not taken the last one yet, so ${message(which)} stays where it is.`,
}

/** A push broker that drops or blocks, or a queue. */
export type ToyKind = 'drop' | 'block' | 'keep'

export interface ToyText {
  /** Said over its place on the stage. */
  readonly notKafka: (kind: ToyKind) => string; readonly notKafkaShort: string
  /** The fullest first. */
  readonly what: (kind: ToyKind) => readonly string[]
  readonly broker: (kind: ToyKind) => string
  /** What lies in it: a push broker keeps nothing. */
  readonly keeps: (kind: ToyKind, waiting: number) => readonly string[]
  readonly waitsFor: (reader: string) => string; readonly waitsShort: string
  readonly sent: string; readonly atSender: string
  readonly inbox: string; readonly each: (ms: number) => string
  readonly processed: string; readonly dropped: string
  readonly notStarted: string; readonly state: Readonly<Record<'down' | 'frozen' | 'stopping' | 'starting', string>>
  readonly aria: {
    readonly place: string
    readonly broker: (name: string, kind: ToyKind, published: number, waiting: number, waitsFor: string | undefined) => string
    readonly sender: (name: string, sent: number, waiting: number) => string
    readonly reader: (name: string, inbox: number, of: number, processed: number, dropped: number) => string
  }
  readonly inspector: {
    readonly kinds: (role: 'broker' | 'sender' | 'reader', kind: ToyKind) => string
    readonly whenFull: string; readonly drop: string; readonly block: string; readonly keep: string
    readonly published: string; readonly handed: string; readonly blockedBy: string; readonly blockedFor: string; readonly inHand: string; readonly stored: string
    readonly sent: string; readonly waiting: string; readonly rate: string
    readonly inbox: string; readonly atWork: string; readonly processMs: string; readonly processed: string; readonly droppedFull: string; readonly forgotten: string; readonly missed: string
    readonly nothing: string
  }
}

const nameOf = (kind: ToyKind): string => (kind === 'keep' ? 'queue' : 'push broker')

export const toyEn: ToyText = {
  notKafka: (kind) => `Not Kafka: a ${nameOf(kind)}`, notKafkaShort: 'Not Kafka',
  what: (kind) => (kind === 'keep' ? ['A toy to compare with. Each message goes to one reader, and is gone.', 'taken is gone'] : kind === 'drop' ? ['A toy to compare with. It pushes to everybody at once; whose inbox is full drops.', 'inbox full: it drops'] : ['A toy to compare with. It pushes only when everybody has room; else all wait.', 'inbox full: all wait']),
  broker: nameOf,
  keeps: (kind, waiting) => (kind !== 'keep' ? ['keeps nothing', 'no log'] : waiting === 0 ? ['empty'] : [`${formatNumber('en', waiting)} ${waiting === 1 ? 'waits' : 'wait'}`]),
  waitsFor: (reader) => `waits for ${reader}`, waitsShort: 'waits',
  sent: 'sent', atSender: 'held back',
  inbox: 'inbox', each: (ms) => `${time(ms)} each`,
  processed: 'processed', dropped: 'dropped',
  notStarted: 'not started', state: { down: 'down', frozen: 'frozen', stopping: 'stopping', starting: 'starting' },
  aria: {
    place: 'Not Kafka: a toy to compare with',
    broker: (name, kind, published, waiting, waitsFor) => kind === 'keep' ? `Queue ${name}, not Kafka: ${plural(published, 'message')} taken, ${formatNumber('en', waiting)} in it` : `Push broker ${name}, not Kafka: ${plural(published, 'message')} pushed${waitsFor === undefined ? '' : `, waits for ${waitsFor}`}`,
    sender: (name, sent, waiting) => `Sender ${name} of the toy: ${formatNumber('en', sent)} sent${waiting === 0 ? '' : `, ${formatNumber('en', waiting)} held back`}`,
    reader: (name, inbox, of, processed, dropped) => `Reader ${name} of the toy: ${formatNumber('en', inbox)} of ${formatNumber('en', of)} in its inbox, ${formatNumber('en', processed)} processed, ${formatNumber('en', dropped)} dropped`,
  },
  inspector: {
    kinds: (role, kind) => `${role === 'broker' ? nameOf(kind) : `${role} of a ${nameOf(kind)}`} · not Kafka`,
    whenFull: 'when an inbox is full', drop: 'the message is dropped', block: 'everybody waits', keep: 'it is kept for whoever has room',
    published: 'pushed', handed: 'taken, and gone', blockedBy: 'waits for', blockedFor: 'has waited', inHand: 'not pushed yet', stored: 'stored',
    sent: 'sent', waiting: 'held back', rate: 'rate',
    inbox: 'inbox', atWork: 'at work on', processMs: 'time for each', processed: 'processed', droppedFull: 'dropped, inbox full', forgotten: 'lost with its memory', missed: 'missed while away',
    nothing: 'nothing',
  },
}
