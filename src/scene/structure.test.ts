import { describe, expect, test } from 'vitest'
import { emptyView, type ControllerView } from '../projection/cluster-view.ts'
import { controllers } from './fixtures/build.ts'
import { activeControllerOf, structureOf } from './structure.ts'

const withControllers = (...changes: readonly Partial<ControllerView>[]) => ({
  ...emptyView,
  controllers: Object.fromEntries(controllers([]).map((each, i) => [each.name, { ...each, ...changes[i] }])),
})

describe('who is drawn as the active controller', () => {
  test('the one that leads and may decide', () => {
    expect(activeControllerOf(withControllers())?.name).toBe('k1')
  })
  test('nobody, while the leader has not committed anything of its epoch, or is frozen, or dead', () => {
    for (const change of [{ active: false }, { condition: 'frozen' as const }, { condition: 'down' as const }]) {
      expect(activeControllerOf(withControllers(change))).toBeUndefined()
    }
  })
  test('of two that believe it of themselves, the one in the higher epoch', () => {
    const view = withControllers({}, { role: 'leader', active: true, epoch: 2 })
    expect(activeControllerOf(view)?.name).toBe('k2')
    expect(structureOf(view, undefined).controllers).toEqual([
      { name: 'k1', active: false, speaks: true },
      { name: 'k2', active: true, speaks: true },
      { name: 'k3', active: false, speaks: false },
    ])
  })
})
