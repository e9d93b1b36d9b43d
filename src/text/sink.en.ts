/** All that is said of sinks, in English: they are not Kafka, and say so wherever they are met. */
import type { EffectKind, Marks } from '../sink/effects.ts'
import type { Again, SinkFact } from '../sink/notes.ts'
import { formatDuration, formatNumber, plural } from './format.ts'

export type SaySink = { readonly [C in SinkFact['code']]: (fact: Extract<SinkFact, { code: C }>) => string }
type Repeated = Extract<SinkFact, { why: Again }>

const things: Readonly<Record<EffectKind, string>> = { row: 'row', email: 'e-mail' }
const place = ({ partition, offset }: Pick<SinkFact, 'partition' | 'offset'>): string => `offset ${offset} of ${partition}`

/** Whether it was read a second time because nothing said that it had been read: how this client says so. */
const marks: Readonly<Record<Marks, (fact: Repeated) => string>> = {
  auto: ({ intervalMs }) => `What is read is committed in a later poll(), every ${formatDuration('en', intervalMs ?? 0)} (auto.commit.interval.ms), and the effect does not wait for that.`,
  before: () => 'The commit comes before the handler (commits: before), and yet its group stood no further.',
  after: () => 'The commit comes after the handler (commits: after), and the effect before it.',
  afterAsync: () => 'The commit comes after the handler and is not waited for (commits: afterAsync), and the effect before it.',
  manual: () => 'It commits when it is told to (commits: manual).',
  transaction: ({ effect }) => `An abort takes back what was written to Kafka, and no ${things[effect]}.`,
  turn: () => 'The commit comes when all that it writes has been acknowledged, and the effect before that.',
  acknowledge: () => 'The acknowledgement comes after the handler, and the effect before it.',
  off: () => 'It commits nothing (enable.auto.commit=false).',
  none: () => 'It has no group that would know what it has read.',
}
const causes: Readonly<Record<Again, (fact: Repeated) => string>> = {
  noAnswer: ({ client }) => `${client} had no answer and asked again.`,
  copied: ({ client }) => `The network brought what ${client} had sent twice.`,
  restarted: (fact) => `${fact.client} has started again and was given ${place(fact)} once more. ${marks[fact.marks](fact)}`,
  readAgain: (fact) => `${fact.client} was given ${place(fact)} once more. ${marks[fact.marks](fact)}`,
  otherMember: (fact) => `After ${fact.before}, ${fact.client} was given ${place(fact)}. ${marks[fact.marks](fact)}`,
  otherGroup: ({ client, before }) => `${client} is in another group than ${before}, and each group is given everything.`,
  sameIdentity: (fact) => `${capital(place(fact))} says the same as ${fact.was.replace('@', ' at offset ')}.`,
}
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)

export const sinkNotesEn: SaySink = {
  'effect.made': (fact) => fact.effect === 'row'
    ? `${fact.sink} has a row for ${fact.identity}: the handler of ${fact.client} wrote it for ${place(fact)}.`
    : `${fact.sink} sent an e-mail for ${fact.identity}: the handler of ${fact.client} asked for it, for ${place(fact)}.`,
  'effect.repeated': (fact) => `${fact.effect === 'row' ? `${fact.sink} has ${fact.times} rows for ${fact.identity} now.` : `${fact.sink} sent e-mail number ${fact.times} for ${fact.identity}.`} ${causes[fact.why](fact)}`,
  'effect.refused': (fact) => `${fact.effect === 'row' ? `${fact.sink} refused a second row for ${fact.identity}: its unique key lets in one.` : `${fact.sink} sent no second e-mail for ${fact.identity}: it knows that one has gone out.`} ${causes[fact.why](fact)}`,
}

export interface SinkText {
  /** Said over their place on the stage. */
  readonly outside: string; readonly outsideShort: string
  /** The fullest first. */
  readonly what: readonly string[]
  readonly kinds: Readonly<Record<EffectKind, string>>
  readonly key: (identity: 'value' | 'key' | 'offset') => string; readonly noKey: string
  readonly total: Readonly<Record<EffectKind, string>>
  readonly repeated: string; readonly refused: string
  /** It is the n-th of its identity; so many more were refused. */
  readonly nth: (n: number) => string; readonly more: (refused: number) => string
  readonly empty: Readonly<Record<EffectKind, string>>
  readonly aria: {
    readonly place: string
    readonly sink: (name: string, effect: EffectKind, made: number, repeated: number, refused: number, last: readonly string[]) => string
    readonly client: (name: string) => string
  }
  readonly inspector: {
    readonly subtitle: Readonly<Record<EffectKind, string>>; readonly message: string
    readonly effect: string; readonly identity: string; readonly identities: Readonly<Record<'value' | 'key' | 'offset', string>>; readonly unique: string; readonly yes: string; readonly no: string
    readonly of: string; readonly made: Readonly<Record<EffectKind, string>>; readonly distinct: string; readonly repeated: string; readonly refused: string; readonly last: string; readonly nothing: string
    readonly kinds: Readonly<Record<EffectKind, string>>
  }
}

const number = (value: number): string => formatNumber('en', value)
export const sinkEn: SinkText = {
  outside: 'Outside of Kafka', outsideShort: 'Not Kafka',
  what: ['Where handlers leave their side effects. No commit and no abort of Kafka reaches it.', 'No commit or abort of Kafka reaches it.'],
  kinds: { row: 'database', email: 'mail gateway' },
  key: (identity) => `unique key: ${identity}`, noKey: 'no unique key',
  total: { row: 'rows', email: 'sent' }, repeated: 'repeated', refused: 'refused',
  nth: (n) => `no. ${number(n)}`, more: (refused) => `${number(refused)} refused`,
  empty: { row: 'no row yet', email: 'nothing sent yet' },
  aria: {
    place: 'Outside of Kafka: databases and mail gateways that handlers write to',
    sink: (name, effect, made, repeated, refused, last) => `${effect === 'row' ? 'Database' : 'Mail gateway'} ${name}, not Kafka: ${plural(made, effect === 'row' ? 'row' : 'e-mail')}, ${number(repeated)} repeated, ${number(refused)} refused${last.length === 0 ? '' : `; the last: ${last.join(', ')}`}`,
    client: (name) => `${name}, whose handler writes here`,
  },
  inspector: {
    subtitle: { row: 'database · not Kafka', email: 'mail gateway · not Kafka' }, message: 'between a handler and its sink · not Kafka',
    effect: 'what it keeps', identity: 'told apart by', identities: { value: 'value', key: 'key', offset: 'partition and offset' }, unique: 'unique key', yes: 'yes: it refuses what it has', no: 'no',
    of: 'asked by the handlers of', made: { row: 'rows', email: 'e-mails sent' }, distinct: 'distinct', repeated: 'repeated', refused: 'refused', last: 'the last, newest first', nothing: 'nothing',
    kinds: { row: 'a row for each record', email: 'an e-mail for each record' },
  },
}
