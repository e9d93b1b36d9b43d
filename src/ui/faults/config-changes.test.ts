import { describe, expect, test } from 'vitest'
import * as table from '../../kafka/config.ts'
import { fakeBase } from '../fixtures/fake-run.ts'
import { changedIn, problemOf, settingsOf } from './config-changes.ts'

const producer = Object.keys(fakeBase.producers)[0]!, consumer = Object.keys(fakeBase.consumers)[0]!

describe('settings of a client', () => {
  test('are those that Kafka has for it and the model acts on; what differs from the default comes first', () => {
    const ofProducer = settingsOf(table, fakeBase, producer).map(({ name }) => name)
    const ofConsumer = settingsOf(table, fakeBase, consumer).map(({ name }) => name)
    expect(ofProducer).toContain('linger.ms')
    expect(ofProducer).not.toContain('group.instance.id')
    expect(ofConsumer).toContain('group.instance.id')
    expect(ofConsumer).not.toContain('linger.ms')
    expect(ofConsumer).not.toContain('default.api.timeout.ms')
    const changed = { ...fakeBase, consumers: { ...fakeBase.consumers, [consumer]: { ...fakeBase.consumers[consumer]!, overrides: [{ name: 'max.poll.records', value: '7', default: '500' }] } } }
    expect(settingsOf(table, changed, consumer)[0]).toMatchObject({ name: 'max.poll.records', value: '7', default: '500' })
  })

  test('take what Kafka takes, and say what it would refuse', () => {
    const settings = settingsOf(table, fakeBase, consumer)
    expect(problemOf(table, settings, { name: 'max.poll.records', value: '0' })).toEqual({ expected: 'number', min: 1, max: undefined, choices: [] })
    expect(problemOf(table, settings, { name: 'max.poll.records', value: '10' })).toBeUndefined()
    expect(problemOf(table, settings, { name: 'partition.assignment.strategy', value: 'rangy' })?.choices).toContain('range')
    expect(problemOf(table, settings, { name: 'auto.offset.reset', value: 'by_duration:PT1H' })).toBeUndefined()
  })

  test('go back to what Kafka has without them', () => {
    const named = { ...fakeBase, consumers: { ...fakeBase.consumers, [consumer]: { ...fakeBase.consumers[consumer]!, overrides: [{ name: 'group.instance.id', value: 'a', default: '' }] } } }
    const settings = settingsOf(table, named, consumer)
    expect(changedIn(settings, [{ name: 'group.instance.id', value: '' }])).toEqual({ set: {}, unset: ['group.instance.id'] })
    expect(problemOf(table, settings, { name: 'group.instance.id', value: '' })).toBeUndefined()
    expect(problemOf(table, settings, { name: 'max.poll.records', value: ' 7 ' })).toBeUndefined()
  })

  test('that stay as they are are not set', () => {
    const settings = settingsOf(table, fakeBase, consumer)
    const now = settings.find(({ name }) => name === 'max.poll.records')!.value
    expect(changedIn(settings, [{ name: 'max.poll.records', value: now }, { name: 'group.instance.id', value: ' a ' }])).toEqual({ set: { 'group.instance.id': 'a' }, unset: [] })
  })
})
