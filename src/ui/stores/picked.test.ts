import { beforeEach, expect, test } from 'vitest'
import { usePicked } from './picked.ts'

const picked = () => usePicked.getState()
beforeEach(() => picked().reset())

test('the same thing selected again is no change', () => {
  picked().select({ kind: 'broker', key: 'b1' })
  const before = picked().selection
  picked().select({ kind: 'broker', key: 'b1' })
  expect(picked().selection).toBe(before)
})
test('a menu selects its victim, and closes without deselecting it', () => {
  picked().openMenu({ kind: 'broker', key: 'b2' }, { x: 0, y: 0, width: 1, height: 1 })
  expect(picked().selection).toEqual({ kind: 'broker', key: 'b2' })
  picked().openMenu(undefined)
  expect(picked().menu).toBeUndefined()
  expect(picked().selection?.key).toBe('b2')
})
test('following the followed record stops following it', () => {
  picked().follow('shop#8')
  picked().follow('shop#8')
  expect(picked().followed).toBeUndefined()
})
