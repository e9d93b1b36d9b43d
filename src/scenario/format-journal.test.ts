import { describe, expect, test } from 'vitest'
import { canBeShared, parseJournal, type SharedEntry } from './format-journal.ts'

const entry = (intervention: SharedEntry['intervention'], at = 1_000_000, afterStep = 7): SharedEntry => ({ afterStep, at, intervention })

describe('a journal in a link', () => {
  test('comes back as it was', () => {
    const entries = [
      entry({ do: 'crash', node: 'b1' }), entry({ do: 'cut', from: ['b1'], to: ['b2', 'b3'], direction: 'both', traffic: 'replication' }),
      entry({ do: 'produce', by: 'shop', records: [{ key: 'k', value: 'v' }, { tombstone: true, key: 'k' }] }),
      entry({ do: 'configClient', client: 'shop', set: { acks: '1' } }), entry({ do: 'slow', from: ['b1'], to: ['b2'], add: 200_000 }, 2_000_000, 9),
      entry({ do: 'call', client: 'c1', call: { type: 'pause', partitions: ['orders/0'] } }, 2_000_000, 9),
      entry({ do: 'ask', action: { createTopic: { name: 'not a name', partitions: 3, replicas: { 0: ['b1', 'b2'] }, config: { 'retention.ms': '1' } } } }, 2_000_000, 9),
      entry({ do: 'ask', action: { rawProduce: { to: 'b1', partition: 'orders/0', acks: 'all', records: [{ value: 'v' }] } } }, 2_000_000, 9),
    ]
    expect(parseJournal(JSON.stringify(entries))).toEqual(entries)
    expect(canBeShared(entries)).toBe(true)
  })

  test.each([
    ['no JSON', '{'], ['no list', '{}'], ['an unknown deed', JSON.stringify([{ afterStep: 1, at: 1, intervention: { do: 'format', node: 'b1' } }])],
    ['a name that is none', JSON.stringify([entry({ do: 'crash', node: '__proto__ x' })])], ['a key too many', JSON.stringify([{ ...entry({ do: 'crash', node: 'b1' }), more: 1 }])],
    ['more partitions than a run can bear', JSON.stringify([entry({ do: 'ask', action: { createTopic: { name: 'many', partitions: 1e9 } } })])],
    ['an action that no admin client has', JSON.stringify([{ afterStep: 1, at: 1, intervention: { do: 'ask', action: { crash: 'b1' } } }])],
    ['no moment', JSON.stringify([{ afterStep: 1, at: -1, intervention: { do: 'crash', node: 'b1' } }])], ['half a step', JSON.stringify([{ afterStep: 1.5, at: 1, intervention: { do: 'crash', node: 'b1' } }])],
    ['time that runs back', JSON.stringify([entry({ do: 'crash', node: 'b1' }, 5, 5), entry({ do: 'restart', node: 'b1' }, 4, 6)])],
  ])('is refused: %s', (_, text) => expect(parseJournal(text)).toBeUndefined())
})
