import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Vector } from './vectors/adapter.ts'
import { main } from './vectors/command.ts'
import { compare } from './vectors/compare.ts'
import { adapters, check } from './vectors/run.ts'

const folder = join(import.meta.dirname, 'vectors', 'known')
const known = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector[])

/** What Kafka's own classes answered (public conformance vectors). */
test.each(known)('$id: $title', (vector) => {
  expect(check(vector)).toBeUndefined()
})

test('a leave that is due comes when it is due, and the next poll joins under a new id (GRP-19)', () => {
  expect(adapters['consumer-timing/poll-interval']!({ 'max.poll.interval.ms': 300_000, lastPollAtMs: 0, staticMember: false })).toEqual({
    leaveGroupDueAtMs: 300_000,
    nextPollRejoinsWithNewMemberId: true,
    commitBrokerError: 'UNKNOWN_MEMBER_ID',
    commitOutcome: 'COMMIT_FAILED',
  })
})

test('a committed offset that the log does not have, and no policy: the fetch says so (CSM-2)', () => {
  const input = { committed: 174, autoOffsetReset: 'none', logStart: 79, highWatermark: 173 }
  expect(adapters['consumer-position/start']!(input)).toEqual({ error: 'OFFSET_OUT_OF_RANGE', fetchError: 'OFFSET_OUT_OF_RANGE' })
})

// ClassicGroup#selectProtocol, run on these: votes that are equal are told apart by the order of a Java map.
test.each([
  [[['cooperative-sticky', 'range', 'sticky', 'roundrobin'], ['sticky', 'roundrobin', 'cooperative-sticky', 'range']], 'sticky'],
  [[['cooperative-sticky', 'range', 'sticky', 'roundrobin'], ['roundrobin', 'sticky', 'range', 'cooperative-sticky'], ['sticky', 'range', 'roundrobin']], 'sticky'],
  [[['roundrobin', 'range'], ['range', 'roundrobin']], 'range'],
  [[['cooperative-sticky', 'range'], ['range', 'cooperative-sticky', 'sticky', 'roundrobin']], 'range'],
  [[['cooperative-sticky', 'roundrobin'], ['roundrobin', 'cooperative-sticky']], 'roundrobin'],
  [[['roundrobin', 'range'], ['range', 'roundrobin'], ['roundrobin', 'range']], 'roundrobin'],
])('members that vote %j: %s', (members, selected) => {
  expect(adapters['classic-group-protocol']!({ members })).toMatchObject({ selected })
})

// CTL-10: a session of 9 s looked at every 1125 ms; REP-5: a lag of 30 s looked at every 15 s.
test('a follower that falls silent is proposed to leave 30 to 45 s later', () => {
  const input = { 'replica.lag.time.max.ms': 30_000, isrCheckPeriodMs: 15_000, lastCaughtUpAtMs: 0, leaderHasNewData: true }
  expect(adapters['controller-timing/isr-shrink']!(input)).toEqual({ earliestShrinkProposedAtMs: 30_001, latestShrinkProposedAtMs: 45_000 })
})

// KIP-951: who is told of the new leader goes there at once.
test('a producer that asked the wrong broker is told who leads, and loses no time', () => {
  const input = { acks: 'all', target: 'follower', currentLeader: { id: 2, epoch: 6 }, clientBelieves: { id: 1, epoch: 5 } }
  expect(adapters['produce-outcome/not-leader']!(input)).toEqual({
    error: 'NOT_LEADER_OR_FOLLOWER',
    answerLeader: { id: 2, epoch: 6 },
    clientLeaderAfter: 2,
    clientRetries: true,
    clientWaitsBackoff: false,
  })
})

// REC-5, REC-6: the limits are the last that are allowed.
test.each([
  [
    'too-large',
    { recordsInBatch: 1, batchBytes: 1048589, 'max.message.bytes': 1048588 },
    { error: 'MESSAGE_TOO_LARGE', producerAction: 'FAIL' },
  ],
  ['too-large', { recordsInBatch: 3, batchBytes: 1048588, 'max.message.bytes': 1048588 }, { error: 'NONE', producerAction: 'NONE' }],
  ['timestamp', { 'message.timestamp.after.max.ms': 3600000, recordTimestampMinusNow: 3600000 }, { error: 'NONE' }],
  ['timestamp', { 'message.timestamp.after.max.ms': 3600000, recordTimestampMinusNow: 3600001 }, { error: 'INVALID_TIMESTAMP' }],
  ['timestamp', { 'message.timestamp.after.max.ms': 3600000, recordTimestampMinusNow: -864000000 }, { error: 'NONE' }],
])('a batch that is %s: %o', (variant, input, expected) => {
  expect(adapters[`produce-outcome/${variant}`]!(input)).toEqual(expected)
})

describe('the command', () => {
  const call = (...files: readonly unknown[]) => {
    const out: string[] = [],
      err: string[] = []
    const code = main(
      files.map((_, i) => String(i)),
      (name) => (typeof files[Number(name)] === 'string' ? String(files[Number(name)]) : JSON.stringify(files[Number(name)])),
      (text) => out.push(text),
      (text) => err.push(text),
    )
    return { code, out: out.join('\n'), err: err.join('\n') }
  }
  const right = { id: 'a-1', kind: 'murmur2', input: { hex: '' }, expected: { int32: 275646681, toPositive: 275646681 } }

  test('counts what passes', () => expect(call({ vectors: [right] }, [right])).toEqual({ code: 0, out: '2 passed, 0 failed', err: '' }))
  test('prints what was expected and what came', () => {
    const wrong = { ...right, id: 'a-2', title: 'wrong', expected: { int32: 1 } }
    const { code, out } = call({ vectors: [right, wrong] })
    expect(code).toBe(1)
    expect(out).toBe(
      [
        'FAIL a-2 (wrong): int32 is 275646681, expected 1',
        '  expected {"int32":1}',
        '  actual   {"int32":275646681,"toPositive":275646681}',
        '1 passed, 1 failed',
      ].join('\n'),
    )
  })
  test('a kind or a variant that nobody answers has failed', () => {
    expect(
      call({
        vectors: [
          { ...right, kind: 'tea-leaves' },
          { ...right, variant: 'green' },
        ],
      }),
    ).toMatchObject({ code: 1, out: expect.stringMatching(/nothing answers tea-leaves[^]*variant green[^]*0 passed, 2 failed/) as string })
  })
  test('an input that makes no sense has failed, and the others go on', () => {
    expect(call({ vectors: [{ ...right, input: null }, right] })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/cannot be answered[^]*1 passed, 1 failed/) as string,
    })
  })
  test.each([[[]], [['no json']], [[{}]]])('is told what it cannot read %#', (files) =>
    expect(call(...files)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/./) as string }),
  )
})

describe('answers are compared', () => {
  test('by what is expected; more may be said, but no more elements and no more keys of a map', () => {
    expect(compare({ a: 1 }, { a: 1, b: 2 })).toBeUndefined()
    expect(compare({ a: [1] }, { a: [1, 2] })).toBe('a is [1,2], expected [1]')
    const map = { properties: { of: { additionalProperties: { properties: {} } } } }
    expect(compare({ of: { a: 1 } }, { of: { a: 1, b: 2 } }, map)).toBe('.of.b is not expected')
    expect(compare({ change: null }, { change: null })).toBeUndefined()
    expect(compare({ a: { b: null } }, { a: undefined })).toBe('a is undefined, expected {"b":null}')
  })
  test('without order where members are given partitions', () => {
    expect(compare({ m: ['t-1', 't-0'] }, { m: ['t-0', 't-1'] }, {}, true)).toBeUndefined()
    expect(compare({ m: ['t-1', 't-0'] }, { m: ['t-0', 't-1'] })).toBe('m[0] is "t-0", expected "t-1"')
  })
})
