/** What the model leaves out, said where it matters. */
import type { ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { usePage } from '../stores/page.ts'
import { useText } from '../desk-words.ts'

export function LeftOut(): ReactNode {
  const text = useText()
  const setAbove = usePage((page) => page.setAbove)
  return (
    <Dialog title={text.lesson.leftOutTitle} onClose={() => setAbove(undefined)}>
      <p>{text.lesson.leftOutLead}</p>
      <ul>{text.lesson.leftOutItems.map((item) => <li key={item}>{item}</li>)}</ul>
    </Dialog>
  )
}
