/** The four figures. What they show is said in full by the name of each drawing, so nothing in them is read out by itself. */
import type { ReactNode } from 'react'
import type { HistoryText } from '../../text/history.en.ts'
import styles from './history.module.css'

function Box({ x, y, w, h = 32, words, kind = 'box' }: { readonly x: number; readonly y: number; readonly w: number; readonly h?: number; readonly words: string; readonly kind?: 'box' | 'dead' | 'node' | 'gone' }): ReactNode {
  return (
    <g>
      <rect className={styles[kind]} x={x} y={y} width={w} height={h} rx={kind === 'node' || kind === 'gone' ? 3 : 7} />
      <text x={x + w / 2} y={y + h / 2} dy=".35em" textAnchor="middle" className={kind === 'dead' || kind === 'gone' ? styles['pale'] : kind === 'node' ? styles['mono'] : styles['name']}>
        {words}
      </text>
    </g>
  )
}

/** From one point to another, with a head. */
function Arrow({ from, to, dashed = false }: { readonly from: readonly [number, number]; readonly to: readonly [number, number]; readonly dashed?: boolean }): ReactNode {
  const [x1, y1] = from, [x2, y2] = to
  const length = Math.hypot(x2 - x1, y2 - y1)
  const ux = (x2 - x1) / length, uy = (y2 - y1) / length
  const [bx, by] = [x2 - ux * 7, y2 - uy * 7]
  return (
    <g>
      <path className={dashed ? styles['dashed'] : styles['line']} d={`M${x1} ${y1}L${bx} ${by}`} />
      <path className={styles['head']} d={`M${bx - uy * 3.5} ${by + ux * 3.5}L${x2} ${y2}L${bx + uy * 3.5} ${by - ux * 3.5}Z`} />
    </g>
  )
}

export function Ephemeral({ words }: { readonly words: HistoryText['ephemeral'] }): ReactNode {
  const rows = [10, 66, 122]
  return (
    <g aria-hidden="true">
      {rows.map((y, i) => (
        <Box key={y} x={8} y={y} w={90} words={`b${i + 1}`} kind={i === 1 ? 'dead' : 'box'} />
      ))}
      {[26, 138].map((y) => (
        <g key={y}>
          <path className={styles['session']} d={`M98 ${y}H392`} />
          <text x={245} y={y - 9} dy=".35em" textAnchor="middle">
            {words.session}
          </text>
        </g>
      ))}
      <path className={styles['dashed']} d="M98 82H160" />
      <path className={styles['cross']} d="M164 76l12 12m0-12l-12 12" />
      <text x={186} y={82} dy=".35em" className={styles['fault']}>
        {words.gone}
      </text>
      {rows.map((y, i) => (
        <Box key={y} x={392} y={y} w={160} words={`/brokers/ids/${i + 1}`} kind={i === 1 ? 'gone' : 'node'} />
      ))}
    </g>
  )
}

export function Watches({ words }: { readonly words: HistoryText['watches'] }): ReactNode {
  const [read = '', changed = '', told = '', again = '', reread = ''] = words.steps
  const label = (x: number, y: number, said: string, className?: string): ReactNode => (
    <text x={x} y={y} dy=".35em" textAnchor="middle" className={className}>
      {said}
    </text>
  )
  return (
    <g aria-hidden="true">
      <text x={8} y={16} dy=".35em" className={styles['name']}>
        {words.watcher}
      </text>
      <path className={styles['line']} d="M8 30H552" />
      <text x={8} y={156} dy=".35em" className={styles['mono']}>
        {words.node}
      </text>
      <path className={styles['line']} d="M8 140H552" />
      <Arrow from={[80, 32]} to={[92, 138]} />
      {label(86, 84, read, styles['over'])}
      <path className={styles['mark']} d="M196 140m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0" />
      {label(168, 122, changed)}
      <Arrow from={[204, 132]} to={[252, 32]} />
      {label(246, 78, told, styles['over'])}
      <path className={styles['mark']} d="M352 140m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0" />
      {label(352, 122, again)}
      {label(352, 104, words.unseen, styles['fault'])}
      <Arrow from={[446, 32]} to={[462, 138]} />
      {label(454, 84, reread, styles['over'])}
    </g>
  )
}

export function Controller({ words }: { readonly words: HistoryText['controller'] }): ReactNode {
  return (
    <g aria-hidden="true">
      <Box x={8} y={8} w={96} words="b1" kind="dead" />
      <path className={styles['dashed']} d="M104 24H150" />
      <path className={styles['cross']} d="M154 18l12 12m0-12l-12 12" />
      <Box x={236} y={8} w={120} words="/controller" kind="node" />
      <text x={366} y={24} dy=".35em">
        {words.first}
      </text>
      <Box x={8} y={70} w={96} words="b2" />
      <Arrow from={[104, 78]} to={[240, 40]} />
      {[0, 1, 2, 3, 4].map((i) => (
        <rect key={i} className={styles['node']} x={236 + i * 25} y={74} width={20} height={22} rx={3} />
      ))}
      <Arrow from={[234, 86]} to={[106, 88]} />
      <text x={370} y={85} dy=".35em">
        {words.reads}
      </text>
      <Box x={316} y={128} w={90} words="b3" />
      <Box x={420} y={128} w={90} words="b4" />
      <path className={styles['line']} d="M56 102V144H308" />
      <path className={styles['head']} d="M308 140.5l8 3.5l-8 3.5z" />
      <text x={66} y={130} dy=".35em" className={styles['mono']}>
        {words.tells}
      </text>
    </g>
  )
}

export function Move({ words }: { readonly words: HistoryText['move'] }): ReactNode {
  const step = 112
  const x = (i: number): number => 56 + i * step
  return (
    <g aria-hidden="true">
      <path className={styles['old']} d={`M8 66H${x(3)}`} />
      <text x={8} y={48} dy=".35em">
        {words.zookeeper}
      </text>
      <path className={styles['dashed']} d={`M${x(0)} 98H${x(1)}`} />
      <path className={styles['session']} d={`M${x(1)} 98H552`} />
      <text x={552} y={116} dy=".35em" textAnchor="end" className={styles['ok']}>
        {words.kraft}
      </text>
      {words.versions.map(([version = '', year = '', said = ''], i) => (
        <g key={version}>
          <path className={styles['tick']} d={`M${x(i)} 58V106`} />
          <text x={x(i)} y={22} dy=".35em" textAnchor="middle" className={styles['name']}>
            {version}
          </text>
          <text x={x(i)} y={38} dy=".35em" textAnchor="middle" className={styles['pale']}>
            {year}
          </text>
          <text x={x(i)} y={i % 2 === 0 ? 138 : 158} dy=".35em" textAnchor="middle">
            {said}
          </text>
        </g>
      ))}
    </g>
  )
}
