/** The composition root of the page. */
import './trusted-types.ts'
import { createRoot } from 'react-dom/client'
import './ui/theme.css'
import { App } from './ui/app.tsx'
import { learn } from './ui/first-words.ts'
import { createRun } from './ui/run.tsx'
import { useSettings } from './ui/stores/settings.ts'

const run = createRun()
// For tests and the curious: what is on the screen, as data.
Object.assign(globalThis, { partitura: { client: run.client, clock: run.player, get film() { return run.client.film } } })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no root')
const show = (): void => createRoot(root).render(<App run={run} />)
// Without its words a language is not shown, but the page is.
void learn(useSettings.getState().language).then(show, show)
