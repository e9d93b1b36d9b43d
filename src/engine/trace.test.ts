import { expect, test } from 'vitest'
import { Trace } from './trace.ts'

const add = (trace: Trace, id: number, from = 'a', to = 'b') => trace.add(id, 1, from, to, 'clients', `${from}>${to}#clients/1`, { type: `M${id}` }, id * 10, id * 10 + 5)

test('rows are columns; names are numbers into one list', () => {
  const trace = new Trace()
  add(trace, 1)
  add(trace, 2, 'b', 'a')
  expect([...trace.id.slice(0, 2), ...trace.sentAt.slice(0, 2), ...trace.arrivesAt.slice(0, 2)]).toEqual([1, 2, 10, 20, 15, 25])
  expect([0, 1].map((row) => [trace.names[trace.from[row]!], trace.names[trace.to[row]!], trace.names[trace.traffic[row]!]])).toEqual([['a', 'b', 'clients'], ['b', 'a', 'clients']])
  expect(trace.names).toEqual([...new Set(trace.names)])
})

test('it grows without losing anything', () => {
  const trace = new Trace()
  for (let id = 0; id < 5000; id++) add(trace, id)
  expect(trace.length).toBe(5000)
  expect([trace.id[0], trace.id[4999], trace.messages[4999]]).toEqual([0, 4999, { type: 'M4999' }])
})

test('what becomes of a message amends its row; one that is not here any more is nobody\'s', () => {
  const trace = new Trace()
  add(trace, 7)
  expect(trace.amend(7, Infinity, 'held')).toBe(true)
  expect([trace.arrivesAt[0], trace.fate[0]]).toEqual([Infinity, 1])
  expect(trace.amend(7, 99, 'lost')).toBe(true)
  expect([trace.arrivesAt[0], trace.fate[0]]).toEqual([99, 2])
  expect(trace.amend(8, 1, 'arrives')).toBe(false)
})

test('at its limit it forgets the older half (contract 13)', () => {
  const trace = new Trace(10)
  for (let id = 0; id < 11; id++) add(trace, id)
  expect(trace.length).toBe(6)
  expect([...trace.id.slice(0, 6)]).toEqual([5, 6, 7, 8, 9, 10])
  expect(trace.messages.map(({ type }) => type)).toEqual(['M5', 'M6', 'M7', 'M8', 'M9', 'M10'])
  expect([trace.amend(4, 0, 'lost'), trace.amend(5, 0, 'lost')]).toEqual([false, true])
})

test('cleared it is as new', () => {
  const trace = new Trace()
  add(trace, 1)
  trace.clear()
  add(trace, 2, 'z', 'y')
  expect([trace.length, trace.id[0], trace.names[trace.from[0]!]]).toEqual([1, 2, 'z'])
})
