import { describe, expect, test } from 'vitest'
import { at, cell } from '../../scene/fixtures/build.ts'
import { foldInternal } from './controller-lane.tsx'
import { metadata } from '../../scene/fixtures/build.ts'
import { learn } from '../first-words.ts'
import { labelOf, stageText } from './stage-text.ts'

await learn('ko')
const en = stageText('en'),
  ko = stageText('ko')

describe('words of the stage', () => {
  test('durations run in their own units', () => {
    expect([en.waits(123.4), en.waits(6_320), ko.waits(123.4), ko.waits(6_320)]).toEqual([
      'waits 123 ms',
      'waits 6.3 s',
      '123 ms 대기',
      '6.3초 대기',
    ])
  })
  test('Korean particles fit what comes before them', () => {
    expect([ko.lostAcked(at(0, 7), 'b1'), ko.lostAcked(at(0, 7), 'b2')]).toEqual([
      '00:07.000에 b1이 응답함, 가진 리더 없음',
      '00:07.000에 b2가 응답함, 가진 리더 없음',
    ])
    expect(ko.card.needs.highWatermark(8)).toBe('하이워터마크 8을 기다림')
    expect(ko.aria.message('Fetch', 'request', 'b3', 'b1')).toBe('b3에서 b1로 가는 Fetch 요청')
  })
  test('a belief stands in quotation marks', () => {
    expect([en.belief('b1', 0), en.belief(undefined, 0), ko.belief('b1', 0)]).toEqual([
      '“b1 leads, epoch 0”',
      '“nobody leads”',
      '“리더 b1, 에포크 0”',
    ])
  })
})

test('a record is called by its value, if that is short; else by its place in its producer’s order', () => {
  expect([cell(8, 7), cell(8, 7, { value: undefined }), cell(8, 7, { value: 'a value far too long for a label' })].map(labelOf)).toEqual([
    'order-8',
    'shop#8',
    'shop#8',
  ])
})

test('a run of records about one of Kafka’s own topics is one cell of the metadata log', () => {
  const about = (offset: number, text: string) => metadata(offset, 'PartitionChangeRecord', text)
  const folded = foldInternal([
    about(1, 'orders/0 leader b2'),
    about(2, '__consumer_offsets/38 leader b2'),
    about(3, '__consumer_offsets/39 leader b2'),
    about(4, '__consumer_offsets/41 leader b2'),
    about(5, 'orders/0 isr b2 b3'),
  ])
  expect(folded.map((each) => each.text)).toEqual(['orders/0 leader b2', '__consumer_offsets/38 … /41', 'orders/0 isr b2 b3'])
})
