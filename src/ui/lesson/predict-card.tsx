/** The prediction: options are claims that the run itself decides. */
import type { ReactNode } from 'react'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { RichText } from '../parts/rich-text.tsx'
import { useMoment, usePlan, useRun, useScenario } from '../run.tsx'
import { useLesson } from '../stores/lesson.ts'
import { usePick, useText } from '../desk-words.ts'
import { questionAt, type Question } from './prediction.ts'
import styles from './lesson.module.css'

export function useQuestion(): Question | undefined {
  const scenario = useScenario()
  const plan = usePlan()
  const { entered, at, film, playing } = useMoment()
  const answers = useLesson((lesson) => lesson.answers)
  if (scenario === undefined) return undefined
  const question = questionAt(scenario, plan, entered, at, answers, film.viewAt(Math.ceil(at)))
  return question?.state === 'asked' && playing ? undefined : question
}

/** Seal the answer, and let the run go on. */
export function useSealAndRun(): (question: Question) => void {
  const { player } = useRun()
  const seal = useLesson((lesson) => lesson.seal)
  return ({ predict, step }) => {
    seal(predict.id)
    player.enter(step)
  }
}

export function PredictCard({ bare = false }: { readonly bare?: boolean }): ReactNode {
  const text = useText()
  const pick = usePick()
  const question = useQuestion()
  if (question === undefined) return null
  return (
    <section className={bare ? styles['bareCard'] : styles['predict']} aria-label={text.predict.title}>
      <fieldset>
        <legend>
          {!bare && <span className={styles['eyebrow']}>{text.predict.title}</span>}
          <span className={styles['question']}>
            <RichText>{pick(question.predict.ask)}</RichText>
          </span>
        </legend>
        {question.predict.options.map((_, i) => (
          <OptionRow key={i} question={question} index={i} />
        ))}
      </fieldset>
      {!bare && <CardFoot question={question} />}
    </section>
  )
}

function OptionRow({ question, index }: { readonly question: Question; readonly index: number }): ReactNode {
  const text = useText()
  const pick = usePick()
  const { chosen, choose } = useLesson()
  const { predict, state, answer } = question
  const option = predict.options[index]!
  const isMine = state === 'asked' ? chosen[predict.id] === index : answer === index
  const isTrue = question.true.includes(index)
  const tone =
    state === 'decided'
      ? isTrue
        ? styles['true']
        : isMine
          ? styles['untrue']
          : styles['option']
      : isMine
        ? styles['mine']
        : styles['option']
  return (
    <label className={tone}>
      <input
        type="radio"
        name={predict.id}
        className="visually-hidden"
        checked={isMine}
        disabled={state !== 'asked'}
        onChange={() => choose(predict.id, index)}
      />
      <span className={styles['letter']}>
        {state === 'decided' && isTrue ? <Icon name="tick" size={13} /> : text.predict.letters[index]}
      </span>
      <span>
        <RichText>{pick(option.text)}</RichText>
        {state === 'decided' && (isMine || isTrue) && (
          <span className={styles['verdict']}>{isTrue ? text.predict.happened : text.predict.yours}</span>
        )}
      </span>
    </label>
  )
}

function CardFoot({ question }: { readonly question: Question }): ReactNode {
  const text = useText()
  const pick = usePick()
  const { player } = useRun()
  const { chosen, reopen } = useLesson()
  const run = useSealAndRun()
  const { predict, state, answer } = question
  if (state === 'asked') {
    const ready = chosen[predict.id] !== undefined
    return (
      <div className={styles['cardFoot']}>
        <button type="button" className={parts['primary']} data-enter disabled={!ready} onClick={() => run(question)}>
          {text.predict.run} <kbd className={styles['keyOn']}>↵</kbd>
        </button>
        {!ready && <span className={styles['quiet']}>{text.predict.choose}</span>}
      </div>
    )
  }
  if (state === 'sealed')
    return (
      <div className={styles['cardFoot']}>
        <span className={styles['quiet']}>{text.predict.sealed}</span>
      </div>
    )
  const explain = predict.options
    .filter((_, i) => question.true.includes(i) || i === answer)
    .flatMap((option) => (option.explain === undefined ? [] : [pick(option.explain)]))
  const again = () => {
    reopen(predict.id)
    player.toStep(question.step)
  }
  return (
    <div className={styles['cardFoot']}>
      <p>
        {answer !== undefined && answer >= 0 && (
          <strong>{question.true.includes(answer) ? text.predict.right : text.predict.wrong} </strong>
        )}
        {explain.map((sentence) => (
          <RichText key={sentence}>{sentence}</RichText>
        ))}
      </p>
      <button type="button" className={parts['link']} onClick={again}>
        {text.predict.again}
      </button>
    </div>
  )
}
