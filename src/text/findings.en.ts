/** What authors of scenario files read, in English: what is wrong, and what to write instead. */
import type { Feature } from '../scenario/features.ts'
import type { Rule, ThingKind, ValueKind } from '../scenario/findings.ts'
import { formatBytes, formatDuration, formatTime } from './format.ts'
import { impossible } from './impossible.ts'
import type { SayFinding } from './sentences.ts'

const code = (word: string | number): string => `\`${word}\``
const codes = (words: readonly string[], join = ', '): string => words.map(code).join(join)
const upTo = (words: readonly string[], most: number): string => (words.length > most ? `${codes(words.slice(0, most))}, …` : codes(words))
const guess = (nearest: string | undefined): string => (nearest === undefined ? '' : ` Did you mean ${code(nearest)}?`)
const guessOr = (nearest: string | undefined, before: string, known: readonly string[]): string =>
  nearest !== undefined ? guess(nearest) : known.length === 0 ? '' : ` ${before}: ${upTo(known, 12)}.`

const things: Readonly<Record<ThingKind, string>> = {
  node: 'broker or controller', broker: 'broker', controller: 'controller', topic: 'topic', partition: 'partition', replica: 'replica',
  producer: 'producer', consumer: 'consumer', client: 'client', group: 'group', app: 'app', step: 'step', predict: 'question', rack: 'rack',
  result: 'result', shareConsumer: 'share consumer', transactional: 'transactional client', share: 'share group', txn: 'transactional id',
  target: 'machine or client', sink: 'sink (database or mail gateway)', toy: 'toy', toySender: 'sender of a toy', toyReader: 'reader of a toy',
}
const values: Readonly<Record<ValueKind, string>> = {
  text: 'a text', number: 'a number', integer: 'a whole number', boolean: '`true` or `false`', list: 'a list', mapping: 'a mapping of keys',
  duration: 'a duration', words: 'one of a few words', name: 'a name', nothing: 'nothing', none: '`none`',
}
const rules: Readonly<Record<Rule, string>> = {
  slug: 'Use lower-case letters, digits and single hyphens, as in `leader-dies`.', name: 'A name begins with a letter and has letters, digits, `_`, `.` and `-`.',
  broker: 'Brokers are called `b1`, `b2`, …', node: 'Brokers are called `b1`, `b2`, …, controllers `k1`, `k2`, …',
  topic: 'A topic name has letters, digits, `.`, `_` and `-`, at most 249 of them.', partition: 'Write topic and number, as in `orders/0`.',
  statement: 'Write a statement, as in `partition(orders/0).leader == b2`.', notEmpty: 'It must not be empty.', unique: 'Each may stand there once.',
  partitionNumber: 'Write the number of a partition: `"0"`.', timestamp: 'Write milliseconds, or a time from now: `"-8d"`, `"+61m"`.',
  target: 'Write a name, or a selector such as `leader(orders/0)` or `controller(active)`.', api: 'Write an API as Kafka names it: `Produce`, `Fetch`.',
  slow: 'Say what is slow: `from` and `to`, or `disk`, `requests` or `handler`.', damage: 'Give either `cutBytes` or `flipAt`.', resetOffsets: 'Give either `topic` and `to`, or `offsets`.',
  configTarget: 'Name one of `topic`, `broker`, `cluster`, `group`, `client`.', configSet: 'Say what to `set`, or what to `unset`.',
  createTopic: 'Give `partitions`, or `replicas` for each of them.', throttle: 'Write a rate, as in `1MB/s`.', reassign: 'Give one of `to`, `cancel: true` and `verify: true`.',
  produce: 'Give either `records` or `count`.', each: '`each` is the pattern of counted records: it needs `count`.', rate: 'Write records in a time: `5/s`, `90/m`, `2/h`.',
  keys: '`keys` are taken in turn by generated records: they need a `rate`.', reads: 'Give `topic` or `topics` with a `group`, or `assign`.',
  filter: 'A `filter` chooses among what is read: it needs a `group` to read with.',
  whenFull: 'A `pushBroker` says what happens `whenFull`; a `queue` keeps what nobody has room for.',
  writes: '`writes` belongs to read-process-write: it needs a `group` to read with.', app: 'Give either `reads` or `of`.', effect: '`effect` goes with `of`, the clients whose side effect it is; `group` and `isolation` go with `reads`, as those clients have their own.',
  assertion: 'Say when it must hold: `eventually`, `always`, `never`, `atEnd`, or `within` with `that`.', withinThat: '`within: 10s` and `that: "…"` belong together.',
  options: 'A question has two to five options.', run: 'Say how the step ends: `for: 5s`, `until: "…"` with `max: 20s`, or `event: 3`.',
  max: '`max` belongs to `until`.', lesson: 'Write chapter and lesson, in quotes: `"6.1"`.', experiment: 'Write its number: `S14`.', challenge: 'Write its number: `C7`.',
  misconception: 'Write its number: `M26`.', kafka: 'Write `4.x`, or a release such as `4.3`.', pace: 'Write `smart`, or `true x0.005` for real time, 200 times slower.',
  least: 'It is too small.', most: 'It is too large.', positive: 'It must be more than 0.',
}
export const featuresEn: Readonly<Record<Feature, string>> = {
  shareGroups: 'share groups', storage: 'segments, retention and compaction',
  powerLoss: 'power cuts',
  admin: 'this admin call',
  retryTopics: 'dead letters of clients without `retry`, or that are driven by hand', featureLevels: 'feature levels',
  kafkaVersions: 'other releases than 4.3', neighbourhood: 'Connect, Schema Registry and Streams', secondCluster: 'a second cluster',
  slowMachines: 'slow disks and machines', otherConfig: 'this config',
  figures: 'this figure', requestCost: 'the time a request takes',
 
  laterErrors: 'this answer',
}
const yaml: Readonly<Record<string, (written: string) => string>> = {
  tag: (written) => `The tag ${code(written)} has no meaning here. Scenario files are plain data: leave it out.`,
  merge: () => 'Merge keys (`<<`) are not read here. Write the keys out.',
  documents: () => 'One file is one scenario: a second document begins here.',
  nesting: () => 'This text is nested too deeply to be a scenario.',
  complexKey: () => 'A key must be a plain word.',
  alias: (written) => `${code(written)} stands for nothing: no \`&\` names it before.`,
}

export const findingsEn: SayFinding = {
  S001: ({ key, nearest, expected }) => `${code(key)} is not a key here.${guessOr(nearest, 'Keys', expected)}`,
  S002: ({ value }) => (/^-?[0-9.]+$/.test(value) ? `${code(value)} of what? Write ${code(`${value}ms`)}, ${code(`${value}s`)} or ${code(`${value}m`)}.`
    : `${code(value)} is not a duration. Write a number with its unit: \`500ms\`, \`9s\`, \`5m\`, \`2h\` or \`8d\`.`),
  S003: () => 'A step that waits for a condition needs `max:`, or it may wait for ever in front of the class.',
  S004: () => 'This line begins with a tab. YAML allows spaces only: replace it with two spaces.',
  S005: ({ key, first, second }) => `${code(key)} appears twice (lines ${first} and ${second}); one of them would be ignored.`,
  S006: ({ written, read }) => `${code(written)} is read as ${read}. Quote it: ${code(`"${written}"`)}.`,
  S007: ({ holds, correct }) => holds === 0 && correct === 0 ? 'Each option needs `holds`, the statement that the run decides.'
    : `${correct > 0 && holds > 0 ? `Option ${correct} says \`correct\`, option ${holds} says \`holds\`.` : 'An option says neither, or both.'} Keep \`holds\` everywhere: the run decides.`,
  S008: ({ keys }) => `One row, one meaning: split ${codes(keys, ' and ')} into list items of their own.`,
  S009: ({ why }) => `${why === 'challenge' ? 'A challenge' : 'A file with a step that asks'} needs a \`solution\`, so that we can prove it is winnable.`,
  S010: ({ count }) => `A quorum of ${count} ${count === '2' ? 'tolerates no failure' : 'is not offered'}. Use 1, 3 or 5.`,
  S011: ({ keys }) => keys.length === 0 ? 'An item of `do` needs an action, such as `crash: b1`.' : `One item, one action: ${codes(keys, ' and ')} are list items of their own.`,
  S012: ({ why }) => (why === 'both' ? 'An action waits for a time or for a condition, not for both: keep `at` or `when`.' : '`within` narrows a `when`: there is none here.'),
  S013: ({ keys }) => `A step ends in one way. Keep one of ${codes(keys)}.`,
  S014: ({ event }) => `The next ${event} story lines about what? Name it in \`focus\`.`,
  S015: () => 'Hints come in threes: where to look, what to change, the exact action. Or leave them out.',
  S016: ({ key, what }) => what === 'onlyExperiment' ? `${code(key)} belongs to experiments only.`
    : what === 'missing' ? `An experiment says what to \`watch\` and what to \`expect\`: ${code(key)} is missing.`
      : `An experiment shows what happens: it has no ${code(key)}. Say what to \`watch\` and what to \`expect\`.`,
  S017: () => 'Give `replicas` or `replicationFactor`, not both.',
  S018: ({ key }) => `${code(key)} is missing.`,
  S019: ({ value, expected, choices, nearest, rule }) => {
    if (rule === 'least' || rule === 'most' || rule === 'positive') return `${code(value)} will not do. ${rules[rule]}${rule === 'positive' ? '' : ` The limit is ${choices[0] ?? ''}.`}`
    if (rule !== undefined) return `${value === '' ? 'An empty text' : code(value)} will not do here. ${rules[rule]}`
    if (choices.length > 0) return `${code(value)} is none of ${codes(choices)}.${guess(nearest)}`
    return `${code(value)} stands where ${values[expected]} belongs.`
  },
  S020: ({ message }) => `This is not YAML: ${message}`,
  S021: ({ what, written }) => yaml[what]!(written),

  R101: ({ kind, name, nearest, known }) => `There is no ${things[kind]} ${code(name)}.${guessOr(nearest, 'There are', known)}`,
  R102: ({ topic, replicas, brokers }) => `${code(topic)} wants ${replicas} replicas, the cluster has ${brokers} brokers. Kafka answers INVALID_REPLICATION_FACTOR. `
    + 'If that is what you want to show, create the topic in a step.',
  R103: ({ min, replicas }) => `\`min.insync.replicas\` is ${min} with ${replicas} replicas: Kafka 4.x treats it as ${replicas}. Write ${replicas}, or the lesson will surprise you.`,
  R104: ({ name, why, nearest, scope }) => why === 'gone' ? `${code(name)} was removed in Kafka 4.0. Delete the line.`
    : why === 'scope' ? `${code(name)} is not a config of a ${scope}.${guess(nearest)}` : `Kafka has no config ${code(name)} for a ${scope}.${guess(nearest)}`,
  R105: ({ name, value, min, max, choices, type }) => `${code(`${name}: ${value}`)} is outside what Kafka allows. ${
    choices.length > 0 ? `Allowed: ${codes(choices)}.` : type === 'boolean' ? 'Write `true` or `false`.'
      : [min === undefined ? '' : `The minimum is ${min}.`, max === undefined ? '' : `The maximum is ${max}.`, min === undefined && max === undefined ? 'Write a whole number.' : ''].filter(Boolean).join(' ')}`,
  R106: ({ first, second }) => `${code(first)} with ${code(second)}: the Java client refuses to start (ConfigException).`,
  R107: ({ topic }) => `${code(topic)} is read but never created. Add it to \`topics\`, or use \`createTopic\`.`,
  R108: ({ action, target, kind, allowed }) => `${code(`${action}: ${target}`)}: ${target} is a ${things[kind]}. This is for a ${allowed.map((each) => things[each]).join(', ')}.`
    + (action === 'stallFetch' ? ' For a client use `pause`.' : ''),
  R109: ({ name, what, first }) => what === 'reserved' ? `${code(name)} is a broker or a controller: call the client something else.`
    : what === 'step' ? `${code(name)} is the id of step ${first ?? 1} too. Ids are used once.` : `The name ${code(name)} is used twice.`,
  R110: ({ partition, topic, partitions }) => `${code(partition)} does not exist: ${code(topic)} has ${partitions === 1 ? '1 partition, 0' : `${partitions} partitions, 0 to ${partitions - 1}`}.`,
  R111: ({ topic, missing, extra }) => `${missing.length > 0 ? `\`replicas\` of ${code(topic)} leaves out partition ${missing.join(', ')}.` : `${code(topic)} has no partition ${extra.join(', ')}.`}`
    + ' List them all, or write `replicationFactor`.',
  R112: ({ at, question }) => `${code(at)} is over when ${code(question)} is asked. Judge at \`step-end\` or at a later step.`,
  R113: () => 'What follows `ask` would wait for the learner. Move it into the next step.',
  R115: ({ client }) => `${code(client)} only writes, so it has no handler whose side effect this could be. Name a client that reads, or give it a \`group\`.`,
  R116: ({ key }) => `A solution is done at once, where its step begins or asks: ${code(key)} has no place in it. Give what comes later a step of its own.`,
  R117: ({ client, key }) => `${code(client)} hands its records to a worker thread (\`threads: true\`), and its loop goes on: ${code(key)} has no place there. Leave it out, or leave out \`threads\`.`,
  R118: ({ client }) => `${code(client)} hands its records to a worker thread (\`threads: true\`), and no sink serves that. Leave out \`threads\`, or name another client.`,
  R114: ({ id, experiment }) => `\`id\` says ${code(id)}, \`meta.experiment\` says ${code(experiment)}: the numbers differ.`,

  E201: ({ found, expected }) => found === '=' ? 'Use `==` to compare.'
    : `This statement cannot be read${found === '' ? ': it ends too early' : ` at ${code(found)}`}. Expected here: ${expected.join(', ')}.`,
  E202: ({ text, name, nearest, known, what }) => {
    if (what === 'missing') return `${code(text)} alone says nothing: name a property, ${upTo(known, 12)}. If the word itself is meant, quote it.`
    if (what === 'arguments') return known.length === 0 ? `${code(name)} takes nothing in parentheses.` : `${code(name)} takes ${known.join(', ')} in parentheses.`
    return what === 'root' ? `Statements do not know ${code(name)}.${guessOr(nearest, 'They speak of', known)}` : `${code(`${text}.${name}`)} does not exist.${guess(nearest)} Properties: ${upTo(known, 12)}.`
  },
  E203: ({ text, left, right, operator, hint }) => {
    if (operator === '') return `${code(text)} is ${values[left]}; a statement must be true or false.`
    const what = operator === '==' || operator === '!=' ? `${code(text)} compares ${values[left]} with ${values[right]}.` : `${code(text)} is ${values[left]}; ${code(operator)} wants ${values[right]}.`
    return hint === undefined ? what : `${what} Write ${code(hint)}.`
  },
  E204: ({ name, nearest }) => `${code(name)} is neither a note code nor a Kafka error.${guess(nearest)}`,
  E205: ({ text, word, words }) => `${code(text)} is never ${code(word)}. It may be ${codes(words)}.`,

  L401: ({ language, where }) => `${code(where)} has no ${code(language)} text: its readers will see the other language.`,
  L402: ({ language, length }) => `The ${code(language)} text has ${length} characters; past about 140 it will not fit the back row. Move detail to \`notes\`.`,
  L403: ({ focus, step }) => `${code(focus)} is in focus before it is there${step === undefined ? '' : `: it starts in step ${code(step)}`}. There would be nothing to see.`,

  V501: ({ format }) => `This file is ${code(format)}; this page understands \`kafka-scenario/v1\`. Update the page, or ask the author for v1.`,
  V502: ({ bytes, expanded }) => `The file ${expanded ? 'grows to' : 'has'} ${bytes === Infinity ? 'no end' : formatBytes('en', bytes)}${expanded ? ' through its aliases' : ''}; the limit is 256 kB of text.`,
  V503: ({ what, feature }) => feature === 'otherConfig' || feature === 'figures'
    ? `${code(what)} exists in Kafka, but this version does not play it yet.` : `This file uses ${code(what)} (${featuresEn[feature]}), which this version does not play yet.`,

  T301: ({ step, condition, maxMs, values: at, kind }) => {
    const what = kind === 'until' ? `Step ${code(step)}: ${code(condition)} was not reached${maxMs === undefined ? '' : ` within ${formatDuration('en', maxMs)}`}.`
      : kind === 'check' ? `Step ${code(step)}: the check ${code(condition)} does not hold.` : `The played file does not meet ${code(condition)}.`
    return at === '' ? what : `${what} At that time: ${at}.`
  },
  T302: ({ goal, step }) => `Goal ${goal} is true after step ${code(step)} already, without the learner. A lesson should not be won by watching.`,
  T303: ({ predict, holding, values: at }) => `Question ${code(predict)}: ${holding.length === 0 ? 'no option holds' : `options ${holding.join(' and ')} hold`} when it is judged; exactly one must.${at === '' ? '' : ` Values: ${at}.`}`,
  T304: ({ item, step, kind, ranMs }) => kind === 'when' ? `${code(item)} never fired before step ${code(step)} ended.`
    : `${code(item)} lies beyond the end of step ${code(step)}, which ran for ${formatDuration('en', ranMs)}.`,
  T305: ({ condition, values: found, at, kind }) => `${kind === 'goal' ? 'The solution does not win' : 'The solution is void'}: ${code(condition)}.`
    + `${found === '' ? '' : ` In the end: ${found}.`}${at === undefined ? '' : ` First at ${formatTime(at)}.`}`,
  T306: ({ recorded, found }) => `The same file and seed gave another run (${found}) than its lock file holds (${recorded}). Either the engine changed or the file did: look, then record it again.`,
  T307: ({ action, selector, at }) => `${code(`${action}: ${selector}`)} at ${formatTime(at)}: there is nobody to do it to.`,
  T308: ({ action, why, at }) => `${code(action)} at ${formatTime(at)}: ${impossible.en[why]}.`,
}
