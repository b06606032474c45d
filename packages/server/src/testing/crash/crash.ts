/** `npm run crash -- --kills 100 --seed 7`: the crash test for as long as wanted. */
import { parseArgs } from 'node:util'
import { runCrash } from './run-crash.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string' } },
})
const kills = Number(values.kills)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('--kills is a count from 1, --seed an integer.')
}
console.log(`seed ${seed}`)
const { killCount, addCount, acknowledgedCount, wrongs } = await runCrash({
  kills,
  seed,
  report: console.log,
})
const counts = `${killCount} kills, ${addCount} adds, ${acknowledgedCount} acknowledged`
if (wrongs.length > 0) {
  throw new Error(`${counts}; repeat with --kills ${kills} --seed ${seed}\n${wrongs.join('\n')}`)
}
console.log(`${counts}: nothing lost, nothing twice, order kept`)
