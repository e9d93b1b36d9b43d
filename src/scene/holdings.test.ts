import { expect, test } from 'vitest'
import { consumer, group } from './fixtures/build.ts'
import { epochBehind, holdingsOf, instanceOf, readsOn } from './holdings.ts'

const at = (...partitions: string[]) => partitions.map((partition) => ({ partition, position: 4, committed: undefined }))
const names = (c: ReturnType<typeof consumer>, g: ReturnType<typeof group>) => holdingsOf(c, g).map(({ partition, how }) => `${how} ${partition}`)

test('by the consumer protocol a member reads on, lets go of what its target lacks, and waits for what is new in it', () => {
  const reconciling = group('g', {
    protocol: 'consumer', state: 'Reconciling', generation: 3, targetEpoch: 3,
    members: [
      { memberId: 'm1', client: 'c1', assigned: ['t/0', 't/2', 't/10'], target: ['t/0', 't/2'], epoch: 2 },
      { memberId: 'm2', client: 'c2', assigned: [], target: ['t/10'], epoch: 3 },
    ],
  })
  const c1 = consumer('c1', 'g', { assigned: at('t/10', 't/0', 't/2') }), c2 = consumer('c2', 'g')
  expect(names(c1, reconciling)).toEqual(['reads t/0', 'reads t/2', 'leaves t/10'])
  expect(names(c2, reconciling)).toEqual(['comes t/10'])
  expect([readsOn(c1, reconciling), readsOn(c2, reconciling)]).toEqual([true, false])
  expect([epochBehind(reconciling, 'c1'), epochBehind(reconciling, 'c2')]).toEqual([2, undefined])
})

test('in a classic group nobody has a target: who has not given up yet, or need not, reads on', () => {
  const preparing = group('g', { state: 'PreparingRebalance', members: [{ memberId: 'm1', client: 'c1', assigned: ['t/0'] }] })
  expect(names(consumer('c1', 'g', { state: 'joining', assigned: at('t/0') }), preparing)).toEqual(['reads t/0'])
  expect(readsOn(consumer('c1', 'g', { state: 'joining', assigned: at('t/0') }), preparing)).toBe(true)
  expect(readsOn(consumer('c1', 'g', { state: 'joining' }), preparing)).toBe(false)
})

test('who is frozen or dead reads nothing, and in a stable group it needs no word', () => {
  const moving = group('g', { state: 'Reconciling' })
  expect(readsOn(consumer('c1', 'g', { condition: 'frozen', assigned: at('t/0') }), moving)).toBe(false)
  expect(readsOn(consumer('c1', 'g', { assigned: at('t/0') }), group('g'))).toBe(false)
})

test('a static member is known by its instance', () => {
  expect(instanceOf(consumer('c1', 'g', { overrides: [{ name: 'group.instance.id', value: 'desk-1', default: '' }] }))).toBe('desk-1')
  expect(instanceOf(consumer('c1', 'g'))).toBeUndefined()
})
