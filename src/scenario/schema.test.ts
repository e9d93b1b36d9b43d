import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actionNames } from './format-actions.ts'
import { scenarioJsonSchema, scenarioSchemaText } from './schema.ts'

test('docs/scenario.schema.json is what the format is now; `npm run -s partitura -- schema --write` makes it so', () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/scenario.schema.json'), 'utf8')
  expect(written).toBe(scenarioSchemaText())
})

test('the JSON Schema says what the checks say in code', () => {
  const schema = scenarioJsonSchema() as { $defs: Record<string, { oneOf: unknown[]; patternProperties: unknown; additionalProperties: unknown }>; allOf: unknown[] }
  expect(schema.$defs['action']?.oneOf).toEqual(actionNames.map((name) => ({ required: [name] })))
  expect(schema.$defs['assertion']?.oneOf).toHaveLength(5)
  expect(schema.$defs['step']).toMatchObject({ patternProperties: { '^x-': {} }, additionalProperties: false })
  expect(schema.allOf).toHaveLength(5)
})
