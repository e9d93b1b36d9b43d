/** What was compared with a real Apache Kafka, and what came of it: what docs/conformance.md says, on a page. */
import { index as laboratory } from 'virtual:laboratory'
import { index as lessons } from 'virtual:scenarios'
import type { ReactNode } from 'react'
import { checkedWords, obstacleIn, type Checked, type CheckedScenario, type CheckedWords } from '../../text/checked.ts'
import { formatNumber } from '../../text/format.ts'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { PlainPage } from '../plain-page/plain-page.tsx'
import styles from './checked.module.css'
import { useChecked } from './use-checked.ts'

export function CheckedPage(): ReactNode {
  const text = useText()
  const words = checkedWords[useLanguage()]
  const checked = useChecked()
  return (
    <PlainPage title={words.title} lead={words.lead} className={styles['main']}>
      {checked !== undefined && <Found checked={checked} words={words} />}
      <p>
        <a href="#lab">{text.laboratory.back}</a>
      </p>
    </PlainPage>
  )
}

interface Props { readonly checked: Checked; readonly words: CheckedWords }

function Found({ checked, words }: Props): ReactNode {
  const language = useLanguage()
  const { scenarios, parts, unseen } = checked
  const compared = scenarios.filter(({ status }) => status === 'compared')
  const rest = scenarios.filter(({ status }) => status === 'missing' || status === 'stale')
  return (
    <>
      <Numbers checked={checked} words={words} />
      {compared.length === 0 ? <p>{words.none}</p> : <Table scenarios={compared} words={words} />}
      <Differences checked={checked} words={words} />
      <Exceptions checked={checked} words={words} />
      <List title={words.notRunnable} items={scenarios.filter(({ status }) => status === 'notRunnable')} keyOf={({ id }) => id}>
        {({ id, notRunnable = '' }) => (
          <>
            <ScenarioName id={id} />: {obstacleIn(language, notRunnable) ?? <span lang="en">{notRunnable}</span>}
          </>
        )}
      </List>
      <List title={words.parts} lead={words.partsLead} items={parts} keyOf={({ rule }) => rule}>
        {({ rule, count }) => `${words.rules[rule]} ${words.observations(count)}.`}
      </List>
      <List title={words.unseen} lead={words.unseenLead} items={unseen} keyOf={({ property }) => property}>
        {({ property, why, count }) => (
          <>
            <code>{property}</code>: {words.why[why]}. {words.statements(count)}.
          </>
        )}
      </List>
      <List title={words.open} items={rest} keyOf={({ id }) => id}>
        {({ id, status }) => (
          <>
            <ScenarioName id={id} />: {status === 'stale' ? words.stale : words.missing}
          </>
        )}
      </List>
    </>
  )
}

function Numbers({ checked: { scenarios }, words: { numbers } }: Props): ReactNode {
  const language = useLanguage()
  const sum = (key: 'equal' | 'part' | 'differ' | 'excepted' | 'unseen'): number => scenarios.reduce((total, each) => total + each[key], 0)
  const having = (...statuses: readonly string[]): number => scenarios.filter(({ status }) => statuses.includes(status)).length
  const all: readonly (readonly [string, number])[] = [
    [numbers.scenarios, having('compared')], [numbers.equal, sum('equal')], [numbers.part, sum('part')], [numbers.differ, sum('differ')],
    [numbers.unseen, sum('unseen')], [numbers.excepted, sum('excepted')], [numbers.notRunnable, having('notRunnable')], [numbers.open, having('missing', 'stale')],
  ]
  return (
    <dl className={styles['numbers']}>
      {all.map(([what, count]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{formatNumber(language, count)}</dd>
        </div>
      ))}
    </dl>
  )
}

const titles = new Map([...lessons, ...laboratory].map(({ id, title }) => [id, title]))

function ScenarioName({ id }: { readonly id: string }): ReactNode {
  const pick = usePick()
  const title = titles.get(id)
  return (
    <a href={`#s=${id}`}>
      <code>{id}</code> {title !== undefined && pick(title)}
    </a>
  )
}

function Table({ scenarios, words: { title, columns } }: { readonly scenarios: readonly CheckedScenario[]; readonly words: CheckedWords }): ReactNode {
  const numbers = ['equal', 'part', 'unseen', 'excepted', 'differ'] as const
  return (
    <div className={styles['scroll']} role="region" aria-label={title} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{columns.scenario}</th>
            <th scope="col">{columns.kafka}</th>
            <th scope="col">{columns.date}</th>
            {numbers.map((each) => (
              <th key={each} scope="col" className={styles['number']}>
                {columns[each]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scenarios.map((scenario) => (
            <tr key={scenario.id} data-differs={scenario.differ > 0}>
              <th scope="row">
                <ScenarioName id={scenario.id} />
              </th>
              <td data-label={columns.kafka}>{scenario.kafka}</td>
              <td data-label={columns.date}>{scenario.date}</td>
              {numbers.map((each) => (
                <td key={each} className={styles['number']} data-label={columns[each]}>
                  {scenario[each]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Differences({ checked: { differences }, words }: Props): ReactNode {
  return (
    <section>
      <h2>{words.differences}</h2>
      {differences.length === 0 && <p>{words.noDifferences}</p>}
      <ul className={styles['list']}>
        {differences.map(({ id, step, path, simulated, real }) => (
          <li key={`${id} ${step} ${path}`}>
            <ScenarioName id={id} />, {words.step(step)}: <code>{path}</code>
            <br />
            {words.simulated}: <code>{simulated}</code>
            <br />
            {words.real}: <code>{real}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Exceptions({ checked: { exceptions }, words }: Props): ReactNode {
  const language = useLanguage()
  return (
    <section>
      <h2>{words.exceptions}</h2>
      <p>{words.exceptionsLead}</p>
      {exceptions.length === 0 && <p>{words.noExceptions}</p>}
      <ul className={styles['list']}>
        {exceptions.map(({ id, step, path, class: by, reason }) => (
          <li key={`${id} ${step ?? ''} ${path}`}>
            <ScenarioName id={id} />
            {step !== undefined && `, ${words.step(step)}`}: <code>{path}</code>. {reason[language]} (<code>{by}</code>)
          </li>
        ))}
      </ul>
    </section>
  )
}

interface ListProps<T> {
  readonly title: string; readonly lead?: string
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly children: (item: T) => ReactNode
}
function List<T>({ title, lead, items, keyOf, children }: ListProps<T>): ReactNode {
  if (items.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      {lead !== undefined && <p>{lead}</p>}
      <ul className={styles['list']}>
        {items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
    </section>
  )
}
