/** The screen around a run: step, stage, inspector, time, story. On a phone the same things in other places. */
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { BottomBar } from './drawer/bottom-bar.tsx'
import { StoryAloud, StoryDrawer } from './drawer/story.tsx'
import { FaultMenu } from './faults/fault-menu.tsx'
import { RunHeader } from './header/run-header.tsx'
import { Inspector } from './inspector/inspector.tsx'
import { useKeys } from './keys.ts'
import { LessonPanel } from './lesson/lesson-panel.tsx'
import { Phone } from './phone/phone.tsx'
import { useMoment, useScenario } from './run.tsx'
import { StageLegend } from './stage/legend.tsx'
import { StageBar } from './stage-bar.tsx'
import { usePicked } from './stores/picked.ts'
import { useShownPartition } from './transport/bands.tsx'
import { Transport } from './transport/transport.tsx'
import { useIsNarrow } from './use-narrow.ts'
import { useLanguage, usePick, useText } from './words.ts'
import { useLevel } from './zoom/zoom-control.tsx'
import { ZoomedStage } from './zoom/zoom-stage.tsx'
import styles from './workspace.module.css'

const TerminalDrawer = lazy(async () => ({ default: (await import('./terminal/terminal.tsx')).TerminalDrawer }))

export function Workspace(): ReactNode {
  useKeys()
  useTitle()
  const isNarrow = useIsNarrow()
  return (
    <>
      {isNarrow ? <Phone /> : <Wide />}
      <FaultMenu />
      <StoryAloud />
    </>
  )
}

/** The page is called after what runs in it. */
function useTitle(): void {
  const text = useText()
  const pick = usePick()
  const title = pick(useScenario()?.title)
  useEffect(() => {
    document.title = title === '' ? text.product : `${title} · ${text.product}`
    return () => void (document.title = text.product)
  }, [title, text])
}

function Wide(): ReactNode {
  const drawer = usePicked((picked) => picked.drawer)
  const partition = useShownPartition()
  const language = useLanguage()
  const level = useLevel()
  const { view } = useMoment()
  const hasTransactions = Object.values(view.producers).some(({ transaction }) => transaction !== undefined) || Object.values(view.replicas).some(({ transactions }) => transactions !== undefined)
  return (
    <div className={styles['workspace']}>
      <RunHeader />
      <LessonPanel />
      <main className={styles['middle']}>
        <StageBar partition={partition} />
        <ZoomedStage />
        {level === 'logs' && (
          <div className={styles['legend']}>
            <StageLegend language={language} transactions={hasTransactions} shares={Object.values(view.groups).some(({ protocol }) => protocol === 'share')} />
          </div>
        )}
      </main>
      <Inspector />
      <footer className={styles['foot']}>
        <Transport />
        {drawer === 'story' && <StoryDrawer />}
        <Suspense>{drawer === 'terminal' && <TerminalDrawer />}</Suspense>
        <BottomBar />
      </footer>
    </div>
  )
}
