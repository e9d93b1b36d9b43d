/** Kafka's own commands, typed: what they print, and a line with history and completion. */
import { Fragment, useEffect, useId, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react'
import { common, complete, type Completion, type Known } from '../../terminal/complete.ts'
import { tools } from '../../terminal/tools.ts'
import type { Output, Remark } from '../../terminal/tool.ts'
import { formatTime } from '../../text/format.ts'
import { terminalEn, type TerminalText } from '../../text/terminal.en.ts'
import { terminalKo } from '../../text/terminal.ko.ts'
import parts from '../parts/parts.module.css'
import { useRun, type Run } from '../run.tsx'
import { usePicked } from '../stores/picked.ts'
import { useLanguage } from '../words.ts'
import { sessionOf, type Entry, type TerminalSession } from './session.ts'
import styles from './terminal.module.css'

const texts = { en: terminalEn, ko: terminalKo } as const

export function TerminalDrawer(): ReactNode {
  const text = texts[useLanguage()]
  const run = useRun()
  const session = sessionOf(run)
  useSyncExternalStore(session.subscribe, () => session.revision)
  const [copied, setCopied] = useState(false)
  const { entries } = session
  return (
    <section id="terminal" className={styles['drawer']} aria-label={text.title}>
      <div className={styles['head']}>
        <h2>{text.title}</h2>
        <span className={styles['lead']}>{text.lead}</span>
        <button
          type="button"
          className={parts['button']}
          disabled={entries.length === 0}
          onClick={() => {
            void navigator.clipboard.writeText(entries.map((entry) => plain(entry, text)).join('\n')).then(() => setCopied(true))
          }}
          onBlur={() => setCopied(false)}
        >
          {copied ? text.copied : text.copy}
        </button>
        <button type="button" className={parts['button']} disabled={entries.length === 0} onClick={() => session.clear()}>
          {text.clear}
        </button>
      </div>
      <Log entries={entries} text={text} />
      <Line session={session} text={text} />
    </section>
  )
}

function Log({ entries, text }: { readonly entries: readonly Entry[]; readonly text: TerminalText }): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = list.current
    if (box !== null && entries.length > 0) box.scrollTop = box.scrollHeight
  }, [entries])
  return (
    <div ref={list} className={styles['log']} role="log" aria-label={text.log} tabIndex={0}>
      {entries.length === 0 && <Help text={text} />}
      {entries.map((entry, i) => (
        // Lines are only added at the end, or all taken away.
        <EntryLine key={i} entry={entry} text={text} />
      ))}
    </div>
  )
}

function EntryLine({ entry, text }: { readonly entry: Entry; readonly text: TerminalText }): ReactNode {
  if (entry.kind === 'typed') {
    return (
      <p className={styles['typed']} title={text.at(formatTime(entry.at))}>
        <span className={styles['prompt']}>{entry.prompt}</span> {entry.text}
      </p>
    )
  }
  const { output } = entry
  if ('options' in output) return <Options output={output} text={text} />
  if ('remark' in output) return output.remark.code === 'help' ? <Help text={text} /> : <p className={styles['remark']}>{remarkIn(output.remark, text)}</p>
  return <p className={output.on === 'err' ? styles['err'] : styles['out']}>{output.text === '' ? '\u00a0' : output.text}</p>
}

function Help({ text }: { readonly text: TerminalText }): ReactNode {
  return (
    <div className={styles['help']}>
      {text.help.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <dl>
        {tools.map(({ name }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{text.tools[name]}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  )
}

function Options({ output, text }: { readonly output: Extract<Output, { options: unknown }>; readonly text: TerminalText }): ReactNode {
  return (
    <dl className={styles['options']}>
      <dt>{text.optionHead[0]}</dt>
      <dd>{text.optionHead[1]}</dd>
      {output.options.map(({ name }) => (
        <Fragment key={name}>
          <dt>--{name}</dt>
          <dd>{text.flags[name]}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

function remarkIn(remark: Remark, { remarks }: TerminalText): string {
  switch (remark.code) {
    case 'help': return ''
    case 'unsupported': case 'unknownCommand': case 'noServer': return remarks[remark.code](remark.what)
    case 'tooMany': return remarks.tooMany(remark.most)
    default: return remarks[remark.code]
  }
}

/** As it is copied. */
function plain(entry: Entry, text: TerminalText): string {
  if (entry.kind === 'typed') return `${entry.prompt} ${entry.text}`
  const { output } = entry
  if ('options' in output) return output.options.map(({ name }) => `--${name}\t${text.flags[name] ?? ''}`).join('\n')
  return 'remark' in output ? (output.remark.code === 'help' ? text.help.join('\n') : remarkIn(output.remark, text)) : output.text
}

/** What can be completed with, as the picture has it. */
function knownTo({ client, player }: Run, { files }: TerminalSession): Known {
  const view = client.film.viewAt(player.at)
  return {
    topics: [...new Set(Object.values(view.partitions).map(({ topic }) => topic))].toSorted(), groups: Object.keys(view.groups), files: [...files.keys()],
    brokers: Object.keys(view.brokers).toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
  }
}

interface Typing {
  readonly line: string
  readonly offered: OfferedProps['offered']
  readonly type: (line: string) => void
  readonly take: (completion: Completion, word: string, isWhole: boolean) => void
  readonly hide: () => void
  readonly press: (event: KeyboardEvent<HTMLInputElement>) => void
}

interface Offers {
  readonly offered: OfferedProps['offered']
  /** One completion is taken; of several as much as they agree in, and then they are shown. False: there is none. */
  readonly tab: () => boolean
  readonly move: (by: number) => boolean
  /** The one that is marked; false: none is. */
  readonly choose: () => boolean
  readonly take: (completion: Completion, word: string, isWhole: boolean) => void
  readonly hide: () => void
}
function useOffers(session: TerminalSession, line: string, setLine: (line: string) => void): Offers {
  const run = useRun()
  const [offered, setOffered] = useState<OfferedProps['offered']>()
  const hide = () => setOffered(undefined)
  const take: Offers['take'] = (completion, word, isWhole) => {
    setLine(`${line.slice(0, completion.from)}${word}${isWhole && !word.endsWith('=') ? ' ' : ''}`)
    hide()
  }
  return {
    offered, hide, take,
    tab() {
      if (session.doing !== 'nothing' || line.trim() === '') return false
      const completion = complete(line, knownTo(run, session))
      const [only] = completion.items
      if (only === undefined) return false
      if (completion.items.length === 1) {
        take(completion, only.text, true)
        return true
      }
      const shared = common(completion.items.map((item) => item.text))
      if (shared.length > line.length - completion.from) take(completion, shared, false)
      setOffered({ completion, chosen: -1 })
      return true
    },
    move(by) {
      const count = offered!.completion.items.length
      setOffered({ ...offered!, chosen: (offered!.chosen + by + count) % count })
      return true
    },
    choose() {
      const item = offered?.completion.items[offered.chosen]
      if (offered === undefined || item === undefined) return false
      take(offered.completion, item.text, true)
      return true
    },
  }
}

/** The line that is being typed, and what its keys do. */
function useTyping(session: TerminalSession): Typing {
  const openDrawer = usePicked((picked) => picked.openDrawer)
  const [line, setLine] = useState('')
  const [back, setBack] = useState(0)
  const { offered, tab, move, choose, take, hide } = useOffers(session, line, setLine)
  const type = (next: string) => {
    setLine(next)
    hide()
  }
  const recall = (by: number): boolean => {
    const next = Math.max(0, Math.min(session.history.length, back + by))
    setBack(next)
    type(next === 0 ? '' : session.history[session.history.length - next]!)
    return true
  }
  const control = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    const pressed = event.key.toLowerCase()
    const nothingMarked = event.currentTarget.selectionStart === event.currentTarget.selectionEnd
    if (pressed === 'l') session.clear()
    else if ((pressed === 'c' && nothingMarked) || (pressed === 'd' && line === '' && session.doing !== 'nothing')) {
      if (session.doing === 'nothing') type('')
      else session.interrupt()
    } else return false
    return true
  }
  const submit = (): boolean => {
    if (choose() || isBusy(session)) return true
    setBack(0)
    type('')
    void session.submit(line)
    return true
  }
  const key = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    const isOffered = offered !== undefined
    switch (event.key) {
      case 'Tab': return !event.shiftKey && (isOffered ? move(1) : tab())
      case 'ArrowUp': return isOffered ? move(-1) : recall(1)
      case 'ArrowDown': return isOffered ? move(1) : recall(-1)
      case 'Escape':
        if (isOffered) hide()
        else leave(openDrawer)
        return true
      case 'Enter': return submit()
      default: return false
    }
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    const isOurs = event.ctrlKey && !event.altKey && !event.metaKey ? control(event) : key(event)
    if (isOurs) event.preventDefault()
  }
  return { line, offered, type, take, press, hide }
}

const isBusy = ({ doing }: TerminalSession): boolean => doing === 'asking' || doing === 'consuming'

function Line({ session, text }: { readonly session: TerminalSession; readonly text: TerminalText }): ReactNode {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const { line, offered, type, take, hide, press } = useTyping(session)
  const busy = isBusy(session)
  useEffect(() => input.current?.focus(), [])
  const listId = `${id}-list`
  return (
    <div className={styles['line']}>
      <label className={styles['prompt']} htmlFor={id}>
        {session.prompt}<span className="visually-hidden"> {text.input}</span>
      </label>
      <div className={styles['field']}>
        <input
          ref={input}
          id={id}
          type="text"
          role="combobox"
          value={line}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-autocomplete="list"
          aria-expanded={offered !== undefined}
          aria-controls={listId}
          aria-activedescendant={offered !== undefined && offered.chosen >= 0 ? `${listId}-${offered.chosen}` : undefined}
          aria-busy={busy}
          placeholder={session.doing === 'consuming' ? text.reading : busy ? text.waiting : undefined}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={press}
          onBlur={hide}
        />
        <Offered offered={offered} line={line} id={listId} text={text} onChoose={(word) => offered !== undefined && take(offered.completion, word, true)} />
      </div>
    </div>
  )
}

/** Back to where it was opened from; the drawer stays. */
function leave(openDrawer: (drawer: undefined) => void): void {
  const tab = document.querySelector<HTMLElement>('[aria-controls="terminal"]')
  if (tab === null) openDrawer(undefined)
  else tab.focus()
}

interface OfferedProps {
  readonly offered: { readonly completion: Completion; readonly chosen: number } | undefined
  readonly line: string; readonly id: string; readonly text: TerminalText
  readonly onChoose: (word: string) => void
}
function Offered({ offered, line, id, text, onChoose }: OfferedProps): ReactNode {
  const chosen = useRef<HTMLLIElement>(null)
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [offered])
  if (offered === undefined) return <ul id={id} role="listbox" aria-label={text.suggestions} hidden />
  const begun = line.slice(offered.completion.from)
  return (
    <ul id={id} role="listbox" aria-label={text.suggestions} className={styles['offered']}>
      {offered.completion.items.map(({ text: word, kind }, i) => (
        <li
          key={word}
          id={`${id}-${i}`}
          ref={i === offered.chosen ? chosen : undefined}
          role="option"
          aria-selected={i === offered.chosen}
          onMouseDown={(event) => {
            event.preventDefault()
            onChoose(word)
          }}
        >
          <code>
            <b>{word.slice(0, begun.length)}</b>
            {word.slice(begun.length)}
          </code>
          <span>{kind === 'tool' ? text.tools[word] : kind === 'flag' ? text.flags[word.slice(2)] : ''}</span>
        </li>
      ))}
    </ul>
  )
}
