/** The real stage over three brokers, with 500 messages under way at every moment, 200 times slower than they are. */
import { createRoot } from 'react-dom/client'
import { Catalogue } from '../../src/ui/stage/catalogue.tsx'

createRoot(document.getElementById('root')!).render(<Catalogue query={new URLSearchParams('fixture=busy&slow=200')} />)
setTimeout(() => Object.assign(window, { ready: true }), 500)
