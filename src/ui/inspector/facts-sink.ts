/** What the State tab says of a sink: a database, or a mail gateway. It is not Kafka, and the subtitle says so. Pure. */
import type { SinkView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { Language } from '../../text/language.ts'
import { sinkText } from '../toy/sink-text.ts'
import type { Row, Sheet } from './reading.ts'

export function sinkSheet({ name, condition, effect, identity, dedupe, of, made, distinct, refused, last }: SinkView, text: DeskText, language: Language): Sheet {
  const { inspector: words, nth, more } = sinkText(language)
  const rows: Row[] = []
  const add = (field: string, value: string | number, tone?: Row['tone']): void => void rows.push({ key: field, name: field, value: String(value), ...(tone === undefined ? {} : { tone }) })
  const said = last.toReversed().map((each) => `${each.identity}${each.nth > 1 ? ` (${nth(each.nth)})` : each.refused > 0 ? ` (${more(each.refused)})` : ''}`)
  add(text.inspector.fields.condition, text.inspector.conditions[condition], condition === 'running' ? undefined : 'fault')
  add(words.effect, words.kinds[effect])
  add(words.of, of.join(', '))
  add(words.identity, words.identities[identity])
  add(words.unique, dedupe ? words.yes : words.no)
  add(words.made[effect], made)
  add(words.distinct, distinct, 'ok')
  add(words.repeated, made - distinct, made > distinct ? 'lost' : undefined)
  add(words.refused, refused, refused > 0 ? 'fault' : undefined)
  add(words.last, said.length === 0 ? words.nothing : said.join(', '))
  return { title: name, subtitle: words.subtitle[effect], rows }
}
