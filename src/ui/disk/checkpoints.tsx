/** The small text files as they stand, and the list of all files of the folder. */
import type { ReactNode } from 'react'
import type { FilesView } from '../../projection/disk-view.ts'
import { shownLines } from '../../scene/files-layout.ts'
import { formatNumber } from '../../text/format.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'
import { ExportSegment } from './export-segment.tsx'

export function Checkpoints({ files }: { readonly files: FilesView }): ReactNode {
  const text = useZoomText()
  const slash = files.partition.lastIndexOf('/')
  const topic = files.partition.slice(0, slash), index = Number(files.partition.slice(slash + 1))
  return (
    <section aria-label={text.files.checkpoints}>
      <h3 className={styles['subtitle']}>
        {text.files.checkpoints}
        <small>{text.files.checkpointsWords}</small>
      </h3>
      <ul className={styles['cards']}>
        {files.checkpoints.map(({ path, text: whole }) => {
          const { lines, others } = shownLines(whole, topic, index)
          const name = path.slice(path.lastIndexOf('/') + 1)
          return (
            <li key={path}>
              <h4>{path}</h4>
              <pre>
                {lines.join('\n')}
                {others > 0 && `\n${text.files.others(others)}`}
              </pre>
              {text.files.meaning[name] !== undefined && <p>{text.files.meaning[name]}</p>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export function Directory({ files }: { readonly files: FilesView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  return (
    <details className={styles['directory']}>
      <summary>
        {text.files.directory} <code>{files.folder}</code>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.files.file}</th>
            <th scope="col">{text.files.size}</th>
            <th scope="col">{text.files.export}</th>
          </tr>
        </thead>
        <tbody>
          {files.files.map(({ name, sizeInBytes }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{formatNumber(language, sizeInBytes)}</td>
              <td>{name.endsWith('.log') && <ExportSegment replica={files.replica} offset={Number.parseInt(name, 10)} small />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
