/** Steps, predictions and assertions. */
import * as v from 'valibot'
import { action } from './format-actions.ts'
import {
  count, duration, exactlyOne, keywords, list, mapping, oneOfKeys, optional, positive, slug, statement, text,
} from './format-parts.ts'

const temporal = ['eventually', 'always', 'never', 'atEnd', 'within'] as const
const forms = [['eventually'], ['always'], ['never'], ['atEnd'], ['within', 'that']] as const
export const assertion = v.pipe(
  mapping({
    eventually: optional(statement), always: optional(statement), never: optional(statement), atEnd: optional(statement),
    within: optional(duration), that: optional(statement), label: optional(text),
  }),
  v.check((each) => temporal.filter((key) => key in each).length <= 1, 'S008'),
  v.check((each) => temporal.some((key) => key in each), 'rule:assertion'),
  v.check((each) => ('within' in each) === ('that' in each), 'rule:withinThat'),
  keywords(oneOfKeys(...forms)),
)

const option = mapping({ text, holds: optional(statement), correct: optional(v.boolean()), explain: optional(text) })
const judgedBy = (key: string) => ({ items: { required: [key], not: { required: [key === 'holds' ? 'correct' : 'holds'] } } })
const predict = mapping({
  id: slug, ask: text, judge: mapping({ at: slug }),
  options: v.pipe(
    v.array(option), v.minLength(2, 'rule:options'), v.maxLength(5, 'rule:options'),
    v.check((options) => options.every((each) => 'holds' in each && !('correct' in each))
      || options.every((each) => 'correct' in each && !('holds' in each)), 'S007'),
    keywords({ oneOf: [judgedBy('holds'), judgedBy('correct')] }),
  ),
})

const ways = [['for'], ['until'], ['event']] as const
const run = v.pipe(
  mapping({ for: optional(duration), until: optional(statement), max: optional(duration), event: optional(count(1)) }),
  v.check((each) => ways.filter(([key]) => key in each).length <= 1, 'S013'),
  v.check((each) => ways.some(([key]) => key in each), 'rule:run'),
  v.check((each) => !('until' in each) || 'max' in each, 'S003'),
  v.check((each) => !('max' in each) || !exactlyOne(each, ['for'], ['event']), 'rule:max'),
  keywords({ ...oneOfKeys(...ways), dependentRequired: { until: ['max'], max: ['until'] } }),
)

export const step = v.pipe(
  mapping({
    id: slug, say: optional(text), notes: optional(text), minutes: optional(positive), optional: optional(v.boolean()),
    card: optional(slug),
    focus: optional(list(statement)), do: optional(list(action)), predict: optional(predict), run: optional(run),
    check: optional(list(assertion)),
  }),
  v.check((each) => each.run === undefined || !('event' in each.run) || 'focus' in each, 'S014'),
  keywords({ if: { properties: { run: { required: ['event'] } }, required: ['run'] }, then: { required: ['focus'] } }),
)
