/** The JSON Schema of scenario files, for editors: made from `format.ts`, written to `docs/scenario.schema.json`. */
import { toJsonSchema } from '@valibot/to-json-schema'
import { action } from './format-actions.ts'
import * as parts from './format-parts.ts'
import { scenarioSchema } from './format.ts'
import { assertion, step } from './format-steps.ts'

const {
  slug, name, brokerName, nodeName, topicName, partitionName, statement, duration, text, config, replicas, offsets, record, target, targets,
} = parts

export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(scenarioSchema, {
    target: 'draft-2020-12',
    definitions: {
      slug, name, broker: brokerName, node: nodeName, topic: topicName, partition: partitionName, statement, duration, text, config,
      replicas,
      offsets, record, target, targets, action, step, assertion,
    },
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      (valibotSchema.type === 'strict_object' ? { ...jsonSchema, patternProperties: { '^x-': {} } } : undefined),
  })
  return { ...schema, $id: 'kafka-scenario/v1', title: 'Partitura scenario' }
}

export const scenarioSchemaText = (): string => `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`
