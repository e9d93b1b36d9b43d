/** The table of keys. */
import type { ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import parts from '../parts/parts.module.css'
import { usePage } from '../stores/page.ts'
import { useText } from '../desk-words.ts'
import styles from './help.module.css'

export function Help(): ReactNode {
  const text = useText()
  const setAbove = usePage((page) => page.setAbove)
  const words = text.help
  const rows: readonly (readonly [keys: readonly string[], meaning: string])[] = [
    [['Space'], words.space],
    [['→', 'PageDown', 'N', 'Enter'], words.next],
    [['←', 'PageUp', 'P'], words.previous],
    [[']', '['], words.event],
    [['}', '{'], words.message],
    [['.', ','], words.line],
    [['Shift →', 'Shift ←'], words.second],
    [['1 … 9', 'Enter'], words.digits],
    [['Home', 'End'], words.ends],
    [['Ctrl Z', 'Ctrl Shift Z'], words.undo],
    [['+', '-'], words.zoom],
    [['M'], words.menu],
    [['`'], words.terminal],
    [['F'], words.full],
    [['Esc'], words.escape],
    [['L'], words.language],
    [['T'], words.theme],
    [['Q'], words.link],
    [['?'], words.help],
  ]
  const stage: typeof rows = [
    [['Tab'], words.tab],
    [['↑', '↓', '←', '→'], words.arrows],
    [['F'], words.follow],
    [['Enter'], words.inspect],
  ]
  return (
    <Dialog title={words.title} onClose={() => setAbove(undefined)}>
      <Rows rows={rows} />
      <h3 className={styles['part']}>{words.stage}</h3>
      <Rows rows={stage} />
      <p className={styles['more']}>
        <button type="button" className={parts['button']} onClick={() => setAbove('history')}>
          {words.history}
        </button>
        {words.historyMore}
      </p>
    </Dialog>
  )
}

function Rows({ rows }: { readonly rows: readonly (readonly [keys: readonly string[], meaning: string])[] }): ReactNode {
  return (
    <table className={styles['table']}>
      <tbody>
        {rows.map(([keys, meaning]) => (
          <tr key={meaning}>
            <th scope="row">
              {keys.map((key) => (
                <kbd key={key} className={parts['key']}>
                  {key}
                </kbd>
              ))}
            </th>
            <td>{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
