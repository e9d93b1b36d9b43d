/** What the model leaves out, said where it matters. */
import type { ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { usePage } from '../stores/page.ts'
import { leftOut } from '../../text/left-out.ts'
import { useText } from '../desk-words.ts'
import { useLanguage } from '../words.ts'

export function LeftOut(): ReactNode {
  const text = useText()
  const language = useLanguage()
  const setAbove = usePage((page) => page.setAbove)
  return (
    <Dialog title={text.lesson.leftOutTitle} onClose={() => setAbove(undefined)}>
      <p>{text.lesson.leftOutLead}</p>
      <ul>{leftOut.map(({ says }) => <li key={says.en}>{says[language]}</li>)}</ul>
    </Dialog>
  )
}
