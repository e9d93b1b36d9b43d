import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropDrafts } from './jars.ts'

test('what somebody was making who was killed over it goes; what somebody is making stays', () => {
  const cache = mkdtempSync(join(tmpdir(), 'partitura-drafts-'))
  const { pid: ended } = spawnSync('true')
  for (const name of ['lib-1', `lib-2.draft-${ended}`, `probe-3.draft-${process.pid}`]) mkdirSync(join(cache, name, 'inside'), { recursive: true })
  dropDrafts(cache)
  expect(readdirSync(cache)).toEqual(['lib-1', `probe-3.draft-${process.pid}`])
  dropDrafts(join(cache, 'not-there'))
  rmSync(cache, { recursive: true })
})
