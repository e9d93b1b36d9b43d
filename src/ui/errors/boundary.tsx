/** What goes wrong while drawing the page must not take the run with it: the run lives outside of it. */
import { Component, type ReactNode } from 'react'
import parts from '../parts/parts.module.css'
import { useText } from '../words.ts'
import styles from './errors.module.css'

interface State { readonly error: Error | undefined }

export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined }
  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
  override render(): ReactNode {
    const { error } = this.state
    return error === undefined ? this.props.children : <Fallen error={error} onRestore={() => this.setState({ error: undefined })} />
  }
}

function Fallen({ error, onRestore }: { readonly error: Error; readonly onRestore: () => void }): ReactNode {
  const text = useText()
  return (
    <main className={styles['fallen']}>
      <h1>{text.errors.page}</h1>
      <p>{text.errors.pageMore}</p>
      <p><button type="button" className={parts['primary']} onClick={onRestore}>{text.errors.restore}</button></p>
      <details>
        <summary>{text.errors.details}</summary>
        <pre>{error.message}</pre>
      </details>
    </main>
  )
}
