/** The phone: stage above, one lane at a time; a sheet below with the step, the question and four large controls. */
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { Lane } from '../../scene/layout-types.ts'
import { DrawerTab, Lamps } from '../drawer/bottom-bar.tsx'
import { lampAt, lampNames } from '../drawer/lamp-model.ts'
import { StoryDrawer } from '../drawer/story.tsx'
import { FaultsInForce } from '../faults/in-force.tsx'
import { victimOf } from '../faults/offers.ts'
import { WhyTab } from '../inspector/why-tab.tsx'
import { PredictCard, useQuestion, useSealAndRun } from '../lesson/predict-card.tsx'
import { BackToLaboratory, StepChecks, Watch, WholeRun } from '../lesson/experiment.tsx'
import { StepWords, YourTurn } from '../lesson/lesson-panel.tsx'
import { Icon } from '../parts/desk-icons.tsx'
import { Logo } from '../parts/icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, usePlan, useRun, useScenario } from '../run.tsx'
import { askOf } from '../sim.ts'
import { useLesson } from '../stores/lesson.ts'
import { usePage } from '../stores/page.ts'
import { usePicked } from '../stores/picked.ts'
import { useSettings } from '../stores/settings.ts'
import { ClockText } from '../transport/transport.tsx'
import { Scrubber } from '../transport/scrubber.tsx'
import { usePick, useText } from '../desk-words.ts'
import { useLevel, ZoomSelect } from '../zoom/zoom-control.tsx'
import { ZoomedStage } from '../zoom/zoom-stage.tsx'
import styles from './phone.module.css'

const TerminalDrawer = lazy(async () => ({ default: (await import('../terminal/terminal.tsx')).TerminalDrawer }))

const lanes: readonly Lane[] = ['producers', 'brokers', 'consumers']

export function Phone(): ReactNode {
  const text = useText()
  const [lane, setLane] = useState<Lane>('brokers')
  const level = useLevel()
  return (
    <div className={styles['phone']}>
      <PhoneHeader />
      <main>
        {level === 'logs' ? (
          <div className={styles['lanes']} role="group" aria-label={text.stage.lanes}>
            {lanes.map((each) => (
              <button key={each} type="button" aria-pressed={lane === each} onClick={() => setLane(each)}>
                {text.stage[each]}
              </button>
            ))}
          </div>
        ) : (
          <div />
        )}
        <div className={styles['stage']}>
          <ZoomedStage phoneLane={lane} />
        </div>
        <div className={styles['time']}>
          <Scrubber compact />
          <div className={styles['clockRow']}>
            <ClockText />
            <LitLamp />
          </div>
        </div>
      </main>
      <Sheet />
    </div>
  )
}

function PhoneHeader(): ReactNode {
  const text = useText()
  const pick = usePick()
  const scenario = useScenario()
  const plan = usePlan()
  const { entered } = useMoment()
  const setAbove = usePage((page) => page.setAbove)
  const { language, setLanguage } = useSettings()
  return (
    <header className={styles['header']}>
      <a href="#" aria-label={text.header.home}>
        <Logo size={22} />
      </a>
      <h1>{pick(scenario?.title)}</h1>
      <ZoomSelect />
      <button
        type="button"
        className={parts['icon']}
        lang={language === 'en' ? 'ko' : 'en'}
        onClick={() => setLanguage(language === 'en' ? 'ko' : 'en')}
      >
        {language === 'en' ? '한' : 'EN'}
      </button>
      <button type="button" className={parts['icon']} aria-label={text.header.open} onClick={() => setAbove('open')}>
        <Icon name="folder" />
      </button>
      {plan.count > 0 && (
        <span className={styles['count']}>
          {entered + 1} / {plan.count}
        </span>
      )}
    </header>
  )
}

function LitLamp(): ReactNode {
  const text = useText()
  const { film, at } = useMoment()
  const lit = lampNames.find((name) => lampAt(film, at, name) > 0)
  if (lit === undefined) return null
  const count = lampAt(film, at, lit)
  return (
    <span className={lit === 'lost' ? styles['lost'] : styles['lit']}>
      <Icon name={lit === 'lost' ? 'cross' : 'warning'} size={14} />
      {lit === 'lost' ? text.lamps.lost(count) : `${count} ${text.lamps.names[lit]}`}
    </span>
  )
}

function Terminal(): ReactNode {
  const text = useText()
  const drawer = usePicked((picked) => picked.drawer)
  return (
    <>
      <DrawerTab name="terminal">{text.story.terminal}</DrawerTab>
      <Suspense>{drawer === 'terminal' && <TerminalDrawer />}</Suspense>
    </>
  )
}

function Sheet(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const plan = usePlan()
  const { entered } = useMoment()
  const pick = usePick()
  const steps = scenario?.steps ?? []
  const isTurn = plan.count > 0 && (askOf(steps[entered]) !== undefined || (entered === steps.length - 1 && scenario?.goal !== undefined))
  return (
    <section className={styles['sheet']} aria-label={text.phone.sheet}>
      <div className={styles['scroll']} tabIndex={0} role="group" aria-label={text.phone.sheet}>
        {plan.count > 0 ? <StepWords step={steps[entered]} /> : <p>{pick(scenario?.summary)}</p>}
        {scenario?.kind === 'experiment' && (
          <>
            {entered === 0 && <Watch />}
            <StepChecks />
            <WholeRun />
            {entered > 0 && <Watch />}
            <BackToLaboratory />
          </>
        )}
        <PredictCard bare />
        {isTurn && <YourTurn step={steps[entered]} />}
        <Selected />
        <FaultsInForce />
        {plan.count === 0 && <p className={styles['note']}>{text.phone.sandbox}</p>}
        <StoryDrawer />
        <Terminal />
        <Lamps />
      </div>
      <Controls />
    </section>
  )
}

/** What was tapped: why, and how to break it. */
function Selected(): ReactNode {
  const text = useText()
  const { selection, openMenu, select } = usePicked()
  const { view } = useMoment()
  if (selection === undefined) return null
  const victim = victimOf(view, selection)
  return (
    <section className={styles['selected']} aria-label={text.phone.whatIs(selection.key)}>
      <div className={styles['selectedHead']}>
        <h2>{selection.key}</h2>
        {victim !== undefined && (
          <button
            type="button"
            className={parts['button']}
            onClick={(event) => openMenu(selection, event.currentTarget.getBoundingClientRect())}
          >
            <Icon name="bolt" />
            {text.faults.menuShort}
          </button>
        )}
        <button type="button" className={parts['icon']} aria-label={text.close} onClick={() => select(undefined)}>
          <Icon name="close" />
        </button>
      </div>
      <WhyTab selection={selection} />
    </section>
  )
}

function Controls(): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { playing, entered } = useMoment()
  const question = useQuestion()
  const { chosen } = useLesson()
  const run = useSealAndRun()
  const asked = question?.state === 'asked' ? question : undefined
  const waiting = player.waiting
  const main =
    asked !== undefined
      ? text.predict.run
      : waiting === 'next'
        ? text.lesson.nextStep(entered + 2)
        : playing
          ? text.transport.pause
          : text.transport.play
  return (
    <div className={styles['controls']} role="group" aria-label={text.phone.controls}>
      <button
        type="button"
        aria-label={text.transport.start}
        onClick={() => {
          player.pause()
          player.seek(0)
        }}
      >
        <Icon name="toStart" size={18} />
      </button>
      <button type="button" aria-label={text.phone.back} onClick={() => player.previous()}>
        <Icon name="stepBack" size={18} />
      </button>
      <button
        type="button"
        className={styles['main']}
        disabled={asked !== undefined && chosen[asked.predict.id] === undefined}
        onClick={() => (asked === undefined ? player.toggle() : run(asked))}
      >
        {main}
      </button>
      <button type="button" aria-label={text.phone.next} onClick={() => player.next()}>
        <Icon name="stepForward" size={18} />
      </button>
    </div>
  )
}
