/** The run told in plain sentences: filter it, click to go there. It is the live region of screen readers as well. */
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { StoryLine } from '../../projection/story.ts'
import { formatTime } from '../../text/format.ts'
import { isAbout } from '../about.ts'
import { headlinesUntil } from '../headlines.ts'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { usePicked } from '../stores/picked.ts'
import { useSay, useText } from '../desk-words.ts'
import styles from './drawer.module.css'

/** More than anybody reads at once; the rest comes with a filter. */
const mostLines = 400
/** So far back all that was told is searched. */
const reach = 6_000

export function StoryDrawer(): ReactNode {
  const text = useText()
  const { film, view, at, revision } = useMoment()
  const { player } = useRun()
  const [all, setAll] = useState(false)
  const [about, setAbout] = useState('')
  const { seenTo } = player
  const subject = useMemo(() => subjectOf(about), [about])
  const lines = useMemo(() => {
    const seen = all ? film.story.slice(0, film.storyLengthAt(seenTo)).slice(-reach) : headlinesUntil(film.story, seenTo)
    return seen.filter((line) => isTold(line) && (subject === undefined || isAbout(line, subject, view))).slice(-mostLines)
    // The film is one object that grows; its revision says when.
    // eslint-disable-next-line react/exhaustive-deps
  }, [film, revision, seenTo, all, subject, view.ledger])
  const told = lines.filter((line) => line.at <= at).length
  return (
    <section id="story" className={styles['drawer']} aria-label={text.story.title}>
      <div className={styles['drawerHead']}>
        <h2>{text.story.title}</h2>
        <div className={parts['segmented']} role="group" aria-label={text.story.title}>
          <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>
            {text.story.headlines}
          </button>
          <button type="button" aria-pressed={all} onClick={() => setAll(true)}>
            {text.story.all}
          </button>
        </div>
        <label className={styles['filter']}>
          {text.story.filter} <AboutSelect value={about} onChange={setAbout} />
        </label>
        <span className={styles['count']}>{text.story.shown(lines.length)}</span>
      </div>
      {all && film.wholeFrom > 0 && <p className={styles['gap']}>{text.story.onlyHeadlines(formatTime(film.wholeFrom))}</p>}
      {lines.length === 0 ? (
        <p className={styles['empty']}>{film.story.length === 0 ? text.story.empty : text.story.none}</p>
      ) : (
        <Lines lines={lines} told={told} />
      )}
    </section>
  )
}

/** What Kafka does in its internal topics is for those who ask for it. */
const isTold = ({ fact }: StoryLine): boolean =>
  !('partition' in fact && fact.partition.startsWith('__')) || fact.code === 'offsets.committed'

const Lines = memo(function Lines({ lines, told }: { readonly lines: readonly StoryLine[]; readonly told: number }): ReactNode {
  const text = useText()
  const say = useSay()
  const { player } = useRun()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const box = list.current?.getBoundingClientRect()
    const here = list.current?.children[Math.max(0, told - 1)]?.getBoundingClientRect()
    if (box === undefined || here === undefined) return
    // Only the list itself: on a phone what stands above it in the sheet must not run away.
    list.current?.scrollBy(0, here.top < box.top ? here.top - box.top : Math.max(0, here.bottom - box.bottom))
  }, [told])
  return (
    <ol ref={list} className={styles['lines']} tabIndex={0} aria-label={text.story.title}>
      {lines.map((line, i) => (
        <li
          key={line.index}
          className={i < told ? undefined : styles['later']}
          data-now={i === told - 1 || undefined}
          title={i < told ? undefined : text.story.later}
        >
          <button
            type="button"
            aria-label={text.story.goTo(formatTime(line.at))}
            onClick={() => {
              player.pause()
              player.seek(line.at)
            }}
          >
            {formatTime(line.at)}
          </button>
          <span>{say(line.fact, line.node)}</span>
        </li>
      ))}
    </ol>
  )
})

function AboutSelect({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const selection = usePicked((picked) => picked.selection)
  const own = Object.values(view.partitions).filter((partition) => !partition.internal)
  const options: readonly (readonly [kind: Selection['kind'], keys: readonly string[]])[] = [
    ['broker', Object.keys(view.brokers)],
    ['controller', Object.keys(view.controllers)],
    ['partition', own.map(({ name }) => name)],
    ['producer', Object.keys(view.producers)],
    ['admin', Object.keys(view.admins)],
    ['group', Object.keys(view.groups)],
    ['consumer', Object.keys(view.consumers)],
    ['toy', Object.keys(view.toys)],
  ]
  const selected = selection === undefined ? '' : `${selection.kind} ${selection.key}`
  const isListed = options.some(([kind, keys]) => keys.some((key) => `${kind} ${key}` === selected))
  return (
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{text.story.everything}</option>
      {selected !== '' && !isListed && (
        <option value={selected}>
          {text.inspector.kinds[selection!.kind]} {selection!.key}
        </option>
      )}
      {options.map(([kind, keys]) =>
        keys.map((key) => (
          <option key={`${kind} ${key}`} value={`${kind} ${key}`}>
            {text.inspector.kinds[kind]} {key}
          </option>
        )),
      )}
    </select>
  )
}
function subjectOf(value: string): Selection | undefined {
  const [kind, key] = value.split(/ (.*)/)
  return kind === undefined || key === undefined ? undefined : { kind: kind as Selection['kind'], key }
}

/** Headlines as they are told while the run plays, for screen readers; scrubbing is silent. */
export function StoryAloud(): ReactNode {
  const say = useSay()
  const { film, at, playing } = useMoment()
  const newest = headlinesUntil(film.story, at).findLast(isTold)
  return (
    <p className="visually-hidden" aria-live="polite">
      {playing && newest !== undefined && newest.fact.code !== 'step.began' ? say(newest.fact, newest.node) : ''}
    </p>
  )
}
