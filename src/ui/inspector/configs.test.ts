import { expect, test } from 'vitest'
import { configOf, type Scope } from '../../kafka/config.ts'
import { deskEn as en } from '../../text/desk.en.ts'
import { deskKo as ko } from '../../text/desk.ko.ts'
import { fakeBase } from '../fixtures/fake-run.ts'
import { configsOf } from './configs.ts'

const all = [
  ...configsOf(fakeBase, { kind: 'replica', key: 'orders/0@b1' }),
  ...configsOf(fakeBase, { kind: 'producer', key: 'shop' }),
  ...configsOf(fakeBase, { kind: 'group', key: 'reader' }),
]

test('a log has its topic’s configs and its broker’s; a group those of its members', () => {
  expect(all.map((sheet) => `${sheet.of} ${sheet.name}`)).toEqual(['topic orders', 'broker b1', 'producer shop', 'consumer c1'])
})
test('what is not the default comes first', () => {
  expect(all[0]?.rows[0]).toEqual({ name: 'min.insync.replicas', value: '2', default: '1', isDefault: false })
})
test('every name and default is the model’s', () => {
  for (const { of, rows } of all)
    for (const { name, default: standard } of rows) {
      const spec = configOf(of as Scope, name)
      expect(spec, name).toBeDefined()
      expect(String(spec?.default).replaceAll(' ', ''), name).toBe(standard.replaceAll(' ', ''))
    }
})
test('every config is explained in both languages', () => {
  for (const { rows } of all) for (const { name } of rows) for (const text of [en, ko]) expect(text.configs[name], name).toBeTruthy()
})
