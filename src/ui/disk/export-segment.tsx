/** A segment as the file it would be on the broker's disk, saved on this machine: Kafka's kafka-dump-log.sh reads it. */
import { useState, type ReactNode } from 'react'
import { useMoment, useRun } from '../run.tsx'
import parts from '../parts/parts.module.css'
import { useZoomText } from '../zoom/words.ts'

/** `offset` lies in the segment; undefined = the active one. */
export function ExportSegment({ replica, offset, small = false }: { readonly replica: string; readonly offset?: number; readonly small?: boolean }): ReactNode {
  const text = useZoomText()
  const { client } = useRun()
  const { at } = useMoment()
  const [missing, setMissing] = useState(false)
  const save = async () => {
    const found = await client.look(at, { what: 'segment', replica, offset })
    setMissing(found?.what !== 'segment')
    if (found?.what !== 'segment') return
    const url = URL.createObjectURL(new Blob([found.bytes], { type: 'application/octet-stream' }))
    const link = document.createElement('a')
    link.href = url
    link.download = found.name
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <>
      <button type="button" className={parts['button']} onClick={() => void save()} title={text.files.exportHint}>
        {small ? text.files.exportShort : text.files.export}
      </button>
      {missing && <p role="status">{text.files.exportMissing}</p>}
    </>
  )
}
