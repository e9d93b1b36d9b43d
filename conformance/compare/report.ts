/** The results as data for the page in the app, and as docs/conformance.md. */
import { checkedWords, type Checked, type CheckedScenario } from '../../src/text/checked.ts'
import { unseenIn } from '../live/observable.ts'
import { valueText } from './compare.ts'
import { MOST_EXCEPTIONS, type Exception } from './exceptions.ts'
import { grouped } from './grouped.ts'
import { countOf, looseIn, type Result } from './results.ts'

export function checkedOf(results: readonly Result[], exceptions: readonly Exception[]): Checked {
  const all = results.flatMap(({ compared }) => compared)
  const parts = grouped(all.filter(({ rule, outcome }) => rule !== undefined && outcome === 'equal'), ({ rule }) => rule!)
  const properties = all.filter(({ outcome }) => outcome === 'unobservable').flatMap(({ path }) => [...unseenIn(textOfKey(path))])
  return {
    scenarios: results.map(scenarioOf),
    differences: all.filter(({ outcome }) => outcome === 'differs').map(({ scenario, step, path, simulated, real }) =>
      ({ id: scenario, step, path, simulated: valueText(simulated), real: valueText(real) })),
    exceptions: exceptions.map(({ experiment, step, observation, class: by, reason }) => ({ id: experiment, step, path: observation, class: by, reason })),
    parts: [...parts].map(([rule, each]) => ({ rule, count: each.length })),
    unseen: [...grouped(properties, ([property]) => property)].map(([property, each]) => ({ property, why: each[0]![1], count: each.length }))
      .toSorted((a, b) => b.count - a.count || (a.property < b.property ? -1 : 1)),
  }
}
const scenarioOf = ({ id, status, recording, compared }: Result): CheckedScenario => ({
  id, status, kafka: recording?.kafka, date: recording?.date, equal: countOf(compared, 'equal'), part: looseIn(compared),
  differ: countOf(compared, 'differs'), excepted: countOf(compared, 'excepted'), unseen: countOf(compared, 'unobservable'),
  notRunnable: recording?.notRunnable,
})
/** `check atEnd: partition(t/0).leader == b2` without what stands before the statement. */
const textOfKey = (key: string): string => key.slice(key.indexOf(': ') + 2)

/** By file: what `npm run conformance:report` writes. */
export const reports = (checked: Checked): readonly (readonly [file: string, text: string])[] => [
  ['docs/conformance.md', reportText(checked)],
  ['src/ui/checked/checked.json', `${JSON.stringify(checked, undefined, 1)}\n`],
]

export function reportText(checked: Checked): string {
  const words = checkedWords.en
  const { scenarios, differences, exceptions, parts, unseen } = checked
  const compared = scenarios.filter(({ status }) => status === 'compared')
  const sections = [
    `# ${words.title}`,
    'Written by `npm run conformance:report`; `npm run -s test:conformance` holds the simulator against the recordings and this page against the results.',
    words.lead,
    numbersOf(checked).map(([what, count]) => `* ${what}: ${count}`).join('\n'),
    ...(compared.length === 0 ? [words.none] : [tableOf(compared)]),
    `## ${words.differences}`,
    differences.length === 0
      ? words.noDifferences : differences.map(({ id, step, path, simulated, real }) => `* \`${id}\`, ${words.step(step)}: \`${path}\`\n  * ${words.simulated}: \`${simulated}\`\n  * ${words.real}: \`${real}\``).join('\n'),
    `## ${words.exceptions} (${exceptions.length} of ${MOST_EXCEPTIONS})`, words.exceptionsLead,
    exceptions.length === 0
      ? words.noExceptions : exceptions.map(({ id, step, path, class: by, reason }) => `* \`${id}\`${step === undefined ? '' : `, ${words.step(step)}`}: \`${path}\`: ${reason.en} (\`${by}\`)`).join('\n'),
    ...listed(words.notRunnable, scenarios.filter(({ status }) => status === 'notRunnable').map(({ id, notRunnable = '' }) => `\`${id}\`: ${notRunnable}`)),
    ...listed(words.open, scenarios.filter(({ status }) => status === 'missing' || status === 'stale').map(({ id, status }) => `\`${id}\`: ${status === 'stale' ? words.stale : words.missing}`)),
    ...listed(words.parts, parts.map(({ rule, count }) => `${words.rules[rule]} ${words.observations(count)}.`), words.partsLead),
    ...listed(words.unseen, unseen.map(({ property, why, count }) => `\`${property}\`: ${words.why[why]}; ${words.statements(count)}`), words.unseenLead),
  ]
  return `${sections.join('\n\n')}\n`
}

/** What stands above everything: in words and count. */
function numbersOf({ scenarios }: Checked): readonly (readonly [string, number])[] {
  const { numbers } = checkedWords.en
  const sum = (key: 'equal' | 'part' | 'differ' | 'excepted' | 'unseen'): number => scenarios.reduce((total, each) => total + each[key], 0)
  const having = (...statuses: readonly string[]): number => scenarios.filter(({ status }) => statuses.includes(status)).length
  return [
    [numbers.scenarios, having('compared')], [numbers.equal, sum('equal')], [numbers.part, sum('part')], [numbers.differ, sum('differ')],
    [numbers.excepted, sum('excepted')], [numbers.unseen, sum('unseen')], [numbers.notRunnable, having('notRunnable')], [numbers.open, having('missing', 'stale')],
  ]
}

function tableOf(scenarios: readonly CheckedScenario[]): string {
  const { columns } = checkedWords.en
  const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [
    row(columns.scenario, columns.kafka, columns.date, columns.equal, columns.part, columns.unseen, columns.excepted, columns.differ),
    '|---|---|---|---:|---:|---:|---:|---:|',
    ...scenarios.map(({ id, kafka = '', date = '', equal, part, unseen, excepted, differ }) => row(`\`${id}\``, kafka, date, equal, part, unseen, excepted, differ)),
  ].join('\n')
}

const listed = (title: string, items: readonly string[], lead?: string): readonly string[] =>
  (items.length === 0 ? [] : [`## ${title}`, ...(lead === undefined ? [] : [lead]), items.map((item) => `* ${item}`).join('\n')])
