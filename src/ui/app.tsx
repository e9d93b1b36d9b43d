/** The page: home or a run, what lies above it, and what holds for the whole of it. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { AppContext } from './app-context.ts'
import styles from './app.module.css'
import { Boundary } from './errors/boundary.tsx'
import { WorkerBanner } from './errors/worker-banner.tsx'
import { Home } from './home/home.tsx'
import { Navigator } from './navigate.ts'
import { NoticeBar } from './parts/notice.tsx'
import { RunProvider, type Run } from './run.tsx'
import { usePage } from './stores/page.ts'
import { shownTheme, useSettings } from './stores/settings.ts'
import { useText } from './words.ts'

const Workspace = lazy(async () => ({ default: (await import('./workspace.tsx')).Workspace }))
const Laboratory = lazy(async () => ({ default: (await import('./laboratory/laboratory.tsx')).Laboratory }))
const CheckedPage = lazy(async () => ({ default: (await import('./checked/checked.tsx')).CheckedPage }))
const TroubleScreen = lazy(async () => ({ default: (await import('./errors/trouble.tsx')).TroubleScreen }))
const OpenPanel = lazy(async () => ({ default: (await import('./opening/open-panel.tsx')).OpenPanel }))
const Help = lazy(async () => ({ default: (await import('./help/help.tsx')).Help }))
const LeftOut = lazy(async () => ({ default: (await import('./lesson/left-out.tsx')).LeftOut }))
const History = lazy(async () => ({ default: (await import('./history/history.tsx')).History }))
const Warnings = lazy(async () => ({ default: (await import('./errors/warnings.tsx')).Warnings }))

export function App({ run }: { readonly run: Run }): ReactNode {
  const text = useText()
  const navigator = useMemo(() => new Navigator(run), [run])
  useEffect(() => navigator.start(), [navigator])
  useDocument()
  useWorkerNews(run)
  const copyLink = useCopyLink(navigator)
  const actions = useMemo(() => ({ navigator, copyLink }), [navigator, copyLink])
  const { shown, trouble, above } = usePage()
  return (
    <AppContext value={actions}>
      <RunProvider run={run}>
        <DropZone navigator={navigator} label={text.header.dropNow}>
          <Boundary>
            <Suspense fallback={<div className={styles['blank']} />}>
              {shown === 'home' && <Home />}
              {shown === 'laboratory' && <Laboratory />}
              {shown === 'checked' && <CheckedPage />}
              {shown === 'run' && <Workspace />}
              {above === 'open' && <OpenPanel />}
              {above === 'help' && <Help />}
              {above === 'leftOut' && <LeftOut />}
              {above === 'warnings' && <Warnings />}
              {above === 'history' && <History />}
              {trouble !== undefined && <TroubleScreen trouble={trouble} />}
            </Suspense>
          </Boundary>
          <WorkerBanner />
          <NoticeBar />
        </DropZone>
      </RunProvider>
    </AppContext>
  )
}

/** Language and theme of the document; the Korean face is fetched when it is first needed. */
function useDocument(): void {
  const language = useSettings((settings) => settings.language)
  const theme = useSettings((settings) => settings.theme)
  useEffect(() => {
    document.documentElement.lang = language
    if (language === 'ko') void import('./fonts-ko.css')
  }, [language])
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)')
    const apply = () => void (document.documentElement.dataset['theme'] = shownTheme(theme))
    apply()
    system.addEventListener('change', apply)
    return () => system.removeEventListener('change', apply)
  }, [theme])
}

function useWorkerNews({ client }: Run): void {
  const text = useText()
  useEffect(
    () =>
      client.on((event) => {
        const page = usePage.getState()
        if (event.kind === 'fault') page.setWorker(event.restoring ? 'restoring' : 'broken')
        if (event.kind === 'restored') {
          page.setWorker(undefined)
          page.tell({ kind: 'info', text: text.errors.workerBack })
        }
        if (event.kind === 'refused') {
          const { what, why } = event.refusal
          const cannotPlay = client.status === 'loading'
          page.tell({ kind: 'fault', text: cannotPlay ? `${text.errors.cannotPlay}: ${what}. ${why}` : text.errors.refused(what, why) })
        }
      }),
    [client, text],
  )
}

function useCopyLink(navigator: Navigator): () => void {
  const text = useText()
  return useCallback(() => {
    void navigator.link().then(async (link) => {
      try {
        await globalThis.navigator.clipboard.writeText(link)
        usePage.getState().tell({ kind: 'info', text: text.header.copied })
      } catch {
        usePage.getState().tell({ kind: 'info', text: `${text.header.copyFailed} ${link}` })
      }
    })
  }, [navigator, text])
}

/** A scenario file may be dropped anywhere. */
function DropZone({
  navigator,
  label,
  children,
}: {
  readonly navigator: Navigator
  readonly label: string
  readonly children: ReactNode
}): ReactNode {
  const [over, setOver] = useState(false)
  const hasFile = (event: React.DragEvent) => event.dataTransfer.types.includes('Files')
  return (
    <div
      className={styles['drop']}
      onDragOver={(event) => {
        if (!hasFile(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={(event) => {
        setOver(false)
        const [file] = event.dataTransfer.files
        if (file === undefined) return
        event.preventDefault()
        void navigator.openFile(file)
      }}
    >
      {children}
      {over && (
        <div className={styles['dropHint']}>
          <p>{label}</p>
        </div>
      )}
    </div>
  )
}
