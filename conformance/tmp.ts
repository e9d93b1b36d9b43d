import { readdirSync, readFileSync } from 'node:fs'
import { playThrough } from '../src/cli/play-through.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import { compare, differenceText } from './compare/compare.ts'
const only = process.argv.slice(2)
let n = 0
for (const dir of ['laboratory','lessons']) for (const f of readdirSync(`scenarios/${dir}`).filter(x=>x.endsWith('.yaml') && (only.length===0||only.some(o=>x.startsWith(o))))) {
  const { scenario } = parseScenario(readFileSync(`scenarios/${dir}/${f}`,'utf8'))
  const play = (seed: number) => playThrough(scenario!, { mode: 'watch', seed, until: undefined }).steps.map(s => s.observed)
  const a = play(scenario!.seed)
  const seen = new Map<string, string>()
  for (let k = 1; k <= 4; k++) {
    const all = compare(scenario!, { simulated: a, real: play(scenario!.seed + 1000 * k), unjudged: [] })
    n += all.length
    for (const d of all) if (d.outcome === 'differs') seen.set(`${d.step} ${d.path}`, differenceText(d, '').slice(0, 500))
  }
  for (const t of seen.values()) console.log(t)
}
console.log(n)
