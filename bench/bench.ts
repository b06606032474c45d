/**
 * `npm run bench [-- --quick]`: measures the real server against references in the same run and prints a table, line by line as
 * they are measured. Absolute numbers belong to the machine; ratios are what can be compared.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measures, type Row, type Sizes } from './measures.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const full: Sizes = {
  runs: 1_000_000,
  memories: 1_000_000,
  rounds: 5,
  seconds: 4,
  samples: 1_000,
  streams: [100, 1_000, 10_000],
}
const quick: Sizes = { runs: 1_000, memories: 2_000, rounds: 1, seconds: 1, samples: 50, streams: [10] }

const print = ({ what, atLeast, measured }: Row): void =>
  console.log(`${what.padEnd(64)}  ${atLeast.padEnd(38)}  ${measured}`)

if (values.help) {
  console.log(
    'npm run bench -- [--quick] [--only PART]\n  --quick  small sizes: does it run at all\n  --only   measurements whose name contains PART',
  )
} else {
  const sizes = values.quick ? quick : full
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}, ${process.platform}\n`,
  )
  print({ what: 'measurement', atLeast: 'at least', measured: 'measured' })
  for (const measure of measures.filter(({ name }) =>
    name.toLowerCase().includes((values.only ?? '').toLowerCase()),
  )) {
    process.stderr.write(`${measure.name} …\n`)
    for (const row of await measure(sizes)) print(row)
  }
}
