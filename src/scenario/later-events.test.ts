import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errors } from '../kafka/errors.ts'
import { featureOfEvent } from './later-events.ts'

const model = join(import.meta.dirname, '..', 'kafka')

test('no error that the model answers with is refused as one of a later version', () => {
  const sources = readdirSync(model, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'errors.ts' && !file.startsWith('golden'))
  const text = sources.map((file) => readFileSync(join(model, file), 'utf8')).join('\n')
  const answered = Object.keys(errors).filter((name) => text.includes(`'${name}'`))
  expect(answered.length).toBeGreaterThan(30)
  expect(answered.filter((name) => featureOfEvent(name) !== undefined)).toEqual([])
})
