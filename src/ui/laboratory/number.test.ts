import { describe, expect, test } from 'vitest'
import { experimentNumber, groupOf } from './number.ts'

describe('an experiment', () => {
  test('has its number from its id, a variant with its letter', () => {
    expect(experimentNumber('s14-leader-crash')).toBe('S14')
    expect(experimentNumber('s13b-without-elr')).toBe('S13b')
    expect(experimentNumber('failover')).toBeUndefined()
  })

  test('is about what its number says', () => {
    expect(['s01-x', 's10b-x', 's11-x', 's24-x', 's25-x', 's27-x', 's33-x', 's34-x', 's39-x'].map(groupOf)).toEqual(
      ['basics', 'basics', 'replication', 'replication', 'controllers', 'groups', 'groups', 'producers', 'producers'],
    )
  })
})
