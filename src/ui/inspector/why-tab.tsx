/** Why: the chain of facts down to a choice, each link clickable to its moment. */
import { Fragment, useMemo, type ReactNode } from 'react'
import type { StoryLine } from '../../projection/story.ts'
import { why } from '../../projection/why.ts'
import { formatTime } from '../../text/format.ts'
import { configInForce, lineToExplain, linesAbout } from '../about.ts'
import { headlinesUntil } from '../headlines.ts'
import { Icon, type IconName } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { markOf } from '../transport/track.ts'
import { useSay, useText } from '../desk-words.ts'
import styles from './inspector.module.css'
import { choiceBehind, choicesOf, type Choice } from './journal.ts'

const mostOthers = 6

export function WhyTab({ selection }: { readonly selection: Selection | undefined }): ReactNode {
  const text = useText()
  const { film, view, at } = useMoment()
  const told = film.storyLengthAt(at)
  const line = useMemo(() => {
    if (selection !== undefined) return lineToExplain(film.story, at, selection, view)
    return headlinesUntil(film.story, at).findLast((each) => markOf(each, text.transport.marks, noName) !== undefined)
    // What has been told stands for the moment; of the view only where a record lies is read.
    // eslint-disable-next-line react/exhaustive-deps
  }, [film, told, selection, view.ledger, text])
  if (line === undefined) return <p className={styles['nothing']}>{selection === undefined ? text.inspector.nothing : text.why.nothing}</p>
  return (
    <>
      <Chain line={line} />
      {selection !== undefined && <Others selection={selection} />}
    </>
  )
}

const noName = (partition: string, offset: number): string => `${partition} ${offset}`

function Chain({ line }: { readonly line: StoryLine }): ReactNode {
  const text = useText()
  const { film } = useMoment()
  const chain = useMemo(() => why(film.story, line.index, (name, link) => configInForce(film.viewAt(link.at), link, name)), [film, line])
  const choices = choicesOf(film.journal, text.journal)
  const roots = chain.roots.map((root) => ({ root, choice: choiceBehind(root, choices) }))
  return (
    <>
      <h3 className={styles['question']}>{text.why.of}</h3>
      <ol className={styles['chain']}>
        {chain.links.map((link, i) => (
          <Link key={link.line.index} line={link.line} first={i === 0} configs={link.configs} choice={choiceBehind(link.line, choices)} />
        ))}
      </ol>
      {roots.length > 0 && (
        <section className={styles['roots']}>
          <p>{text.why.root(roots.length)}</p>
          <ul>
            {roots.map(({ root, choice }) => (
              <Root key={root.index} line={root} choice={choice} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface LinkProps {
  readonly line: StoryLine
  readonly first: boolean
  readonly configs: readonly { readonly name: string; readonly value: string }[]
  readonly choice: Choice | undefined
}
function Link({ line, first, configs, choice }: LinkProps): ReactNode {
  const text = useText()
  const say = useSay()
  const { player } = useRun()
  const mark = markOf(line, text.transport.marks, noName)
  const go = () => {
    player.pause()
    player.seek(line.at)
  }
  return (
    <li>
      <span className={`${styles['disc']} ${styles[mark?.tone ?? 'plain']}`}>
        <Icon name={mark?.icon ?? plainIcon(line)} size={13} />
      </span>
      <p className={styles['when']}>
        <button type="button" onClick={go} aria-label={text.why.go(formatTime(line.at))}>
          {formatTime(line.at)}
        </button>
        {!first && <span>{text.why.because}</span>}
      </p>
      <p>{say(line.fact, line.node)}</p>
      {configs.length > 0 && (
        <p className={styles['chips']}>
          {configs.map(({ name, value }) => (
            <code key={name}>
              <Breakable>{`${name}=${value}`}</Breakable>
            </code>
          ))}
        </p>
      )}
      {choice !== undefined && (
        <p className={styles['chips']}>
          <span className={styles['yours']}>
            <Icon name={choice.icon} size={13} />
            {text.why.byYou}
          </span>
        </p>
      )}
    </li>
  )
}
/** A config's name may be broken after its dots, and nowhere else. */
function Breakable({ children }: { readonly children: string }): ReactNode {
  return children.split(/(?<=[.=])/).map((part, i) => (
    <Fragment key={i}>
      {part}
      <wbr />
    </Fragment>
  ))
}
function plainIcon({ fact }: StoryLine): IconName {
  if (fact.code.startsWith('record.')) return 'tick'
  if (fact.code.startsWith('highWatermark')) return 'epoch'
  if (fact.code.startsWith('producer') || fact.code.startsWith('metadata')) return 'request'
  if (fact.code === 'leader.started') return 'epoch'
  if (fact.code === 'broker.fenced') return 'bolt'
  return 'info'
}

/** Where it all began, and how to take it back. */
function Root({ line, choice }: { readonly line: StoryLine; readonly choice: Choice | undefined }): ReactNode {
  const text = useText()
  const say = useSay()
  const { client } = useRun()
  const { film } = useMoment()
  const undo = () => {
    for (let i = film.journal.length; choice !== undefined && i > choice.from; i--) client.undo()
  }
  return (
    <li>
      <Icon name={choice?.icon ?? 'arrow'} />
      <span>
        {choice?.words ?? say(line.fact, line.node)}
        {choice === undefined && <small>{line.at === 0 ? text.why.fromStart : text.why.byScenario}</small>}
      </span>
      {choice !== undefined && (
        <button type="button" className={parts['link']} title={text.why.undoMore} onClick={undo}>
          {text.why.undoThis}
        </button>
      )}
    </li>
  )
}

/** What else the story tells of it, newest first. */
function Others({ selection }: { readonly selection: Selection }): ReactNode {
  const text = useText()
  const say = useSay()
  const { film, view, at } = useMoment()
  const { player } = useRun()
  const told = film.storyLengthAt(at)
  // What has been told stands for the moment; of the view only where a record lies is read.
  // eslint-disable-next-line react/exhaustive-deps
  const lines = useMemo(() => linesAbout(film.story, at, selection, view, mostOthers), [film, told, selection, view.ledger])
  if (lines.length === 0) return null
  return (
    <section className={styles['others']}>
      <h3>{text.why.story}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line.index}>
            <button
              type="button"
              onClick={() => {
                player.pause()
                player.seek(line.at)
              }}
            >
              {formatTime(line.at)}
            </button>{' '}
            {say(line.fact, line.node)}
          </li>
        ))}
      </ul>
    </section>
  )
}
