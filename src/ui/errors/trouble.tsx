/** Why something could not be opened. What ran before goes on behind it. */
import { index } from 'virtual:scenarios'
import { Fragment, use, useEffect, useRef, useState, type ReactNode } from 'react'
import { sayFinding } from '../../text/find.ts'
import { AppContext } from '../app-context.ts'
import type { Finding, ProblemKind } from '../opening/open-scenario.ts'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { RichText } from '../parts/rich-text.tsx'
import { usePage, type Trouble } from '../stores/page.ts'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { frameOf, replaceAt } from './frame.ts'
import styles from './errors.module.css'

export function TroubleScreen({ trouble }: { readonly trouble: Trouble }): ReactNode {
  const setTrouble = usePage((page) => page.setTrouble)
  const shown = usePage((page) => page.shown)
  const card = useRef<HTMLDivElement>(null)
  const close = () => {
    if (shown === undefined) location.hash = ''
    setTrouble(undefined)
  }
  useEffect(() => card.current?.focus(), [trouble])
  return (
    <div className={styles['trouble']} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <div ref={card} className={styles['card']} role="alertdialog" aria-modal="true" aria-labelledby="trouble-title" tabIndex={-1}>
        {trouble.kind === 'findings' ? (
          <Findings trouble={trouble} onClose={close} />
        ) : (
          <Problem kind={trouble.problem} detail={trouble.detail} onClose={close} />
        )}
      </div>
    </div>
  )
}

type FindingsTrouble = Extract<Trouble, { kind: 'findings' }>

function Findings({ trouble, onClose }: { readonly trouble: FindingsTrouble; readonly onClose: () => void }): ReactNode {
  const text = useText()
  const language = useLanguage()
  const { navigator } = use(AppContext)
  const [finding, ...others] = trouble.findings.filter(({ severity }) => severity === 'error')
  if (finding === undefined) return null
  const { nearest, written } = wordsOf(finding)
  const rest = trouble.text.split('\n')[finding.line - 1]?.slice(finding.column - 1) ?? ''
  const canReplace = nearest !== undefined && written !== undefined && rest.startsWith(written)
  const replace = () => {
    if (canReplace) void navigator?.openText(replaceAt(trouble.text, finding, written.length, nearest), trouble.source.fileName)
  }
  const where = text.errors.where(trouble.source.fileName, finding.line, finding.column)
  return (
    <>
      <div className={styles['head']}>
        <Icon name="warning" size={18} />
        <div>
          <h2 id="trouble-title">
            <RichText>{sayFinding(language, finding)}</RichText>
          </h2>
          <p>{where}</p>
        </div>
      </div>
      <Frame text={trouble.text} finding={finding} label={where} />
      <div className={styles['body']}>
        <Suggestions finding={finding} />
        <div className={styles['buttons']}>
          {canReplace && (
            <button type="button" className={parts['primary']} onClick={replace}>
              {text.errors.replace(nearest)}
            </button>
          )}
          <button type="button" className={parts['button']} onClick={onClose}>
            {text.errors.back}
          </button>
        </div>
        <Others findings={others} />
        <footer>{text.errors.keeps}</footer>
      </div>
    </>
  )
}

/** The lines around it, with a caret under the word. */
function Frame({ text, finding, label }: { readonly text: string; readonly finding: Finding; readonly label: string }): ReactNode {
  const { lines, caretAt, caretLength } = frameOf(text, finding)
  return (
    <div className={styles['frame']} tabIndex={0} role="group" aria-label={label}>
      {lines.map((line) => (
        <Fragment key={line.number}>
          <div className={line.here ? styles['frameHere'] : undefined}>
            <span>{line.number}</span>
            <span>{line.text}</span>
          </div>
          {line.here && (
            <div className={styles['caret']} aria-hidden="true">
              <span />
              <span>{' '.repeat(caretAt) + '^'.repeat(caretLength)}</span>
            </div>
          )}
        </Fragment>
      ))}
    </div>
  )
}

/** The nearest right word, and all that would have been right. */
function Suggestions({ finding }: { readonly finding: Finding }): ReactNode {
  const text = useText()
  const { nearest, expected } = wordsOf(finding)
  const [all, setAll] = useState(false)
  const shown = all ? expected : expected.slice(0, 10)
  return (
    <dl>
      {nearest !== undefined && (
        <>
          <dt>{text.errors.nearest}</dt>
          <dd>
            <strong>{nearest}</strong>
          </dd>
        </>
      )}
      {expected.length > 0 && (
        <>
          <dt>{text.errors.expected}</dt>
          <dd>
            {shown.join(', ')}{' '}
            {shown.length < expected.length && (
              <button type="button" className={parts['link']} onClick={() => setAll(true)}>
                {text.errors.more(expected.length - shown.length)}
              </button>
            )}
          </dd>
        </>
      )}
    </dl>
  )
}

function Others({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const text = useText()
  const language = useLanguage()
  if (findings.length === 0) return null
  return (
    <details className={styles['others']}>
      <summary>{text.errors.andMore(findings.length)}</summary>
      <ul>
        {findings.map((other, i) => (
          <li key={i}>
            <code>
              {other.line}:{other.column}
            </code>
            <RichText>{sayFinding(language, other)}</RichText>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The word that was written, the one that was probably meant, and all that would have been right. */
function wordsOf({ args }: Finding): {
  readonly nearest: string | undefined
  readonly expected: readonly string[]
  readonly written: string | undefined
} {
  const named = args as Readonly<Record<string, unknown>>
  const word = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => named[key]).find((value): value is string => typeof value === 'string')
  const list =
    [named['expected'], named['known'], named['choices'], named['words']].find((value): value is readonly string[] =>
      Array.isArray(value),
    ) ?? []
  return { nearest: word('nearest'), expected: list, written: word('key', 'name', 'value', 'word') }
}

function Problem({
  kind,
  detail,
  onClose,
}: {
  readonly kind: ProblemKind
  readonly detail: string
  readonly onClose: () => void
}): ReactNode {
  const text = useText()
  const pick = usePick()
  const sentences: Readonly<Record<ProblemKind, string>> = {
    unknownId: text.errors.unknownId(detail),
    tooLarge: text.errors.tooLarge,
    notText: text.errors.notText,
    badLink: text.errors.badLink,
    notFound: text.errors.notFound(detail),
    foreign: text.errors.foreign,
  }
  return (
    <>
      <div className={styles['head']}>
        <Icon name="warning" size={18} />
        <div>
          <h2 id="trouble-title">{sentences[kind]}</h2>
        </div>
      </div>
      <div className={styles['body']}>
        {kind === 'unknownId' && (
          <>
            <p>{text.errors.unknownIdMore}</p>
            <ul>
              {index.map(({ id, title, lesson }) => (
                <li key={id}>
                  <a className={parts['link']} href={`#s=${id}`}>
                    {lesson === undefined ? '' : `${lesson} `}
                    {pick(title)}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
        <div className={styles['buttons']}>
          <button type="button" className={parts['button']} onClick={onClose}>
            {text.errors.back}
          </button>
          <a className={parts['button']} href="#" onClick={onClose}>
            {text.errors.home}
          </a>
        </div>
      </div>
    </>
  )
}
