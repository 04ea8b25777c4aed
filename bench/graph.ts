// Processor seconds of the graph's work on large projects; each is the fastest of five, so that other work does not count.
//   npm run bench -- graph
import { HandBuiltProject } from '../spec/artifacts/hand-built-project.ts'
import { buildGraph } from '../src/graph/build-graph.ts'
import { select } from '../src/graph/selection/select.ts'
import { planUnits } from '../src/graph/units.ts'

function report(job: string, wanted: number, work: () => unknown): void {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1e6)
  }
  console.log(`${job}\t${best.toFixed(3)} s\t${wanted} s`)
}

const circle = new HandBuiltProject()
for (let i = 0; i < 10_000; i++) circle.view(`m${i}`, [`model.shop.m${(i + 1) % 10_000}`])
const round = circle.build()
report('graph of 10,000 nodes in a circle', 0.3, () => buildGraph(round))

const wide = new HandBuiltProject()
for (let i = 0; i < 10_000; i++) {
  const reads = i < 100 ? [] : [`m${i - 1}`, `m${i - 50}`, `m${i - 97}`]
  if (i % 5 < 2) wide.view(`m${i}`, reads)
  else wide.table(`m${i}`, reads)
  if (i % 2 === 0) wide.test('unique', [`m${i}`])
}
const project = wide.build()
report('graph of 10,000 models and 5,000 tests', 0.3, () => buildGraph(project))
const { graph } = buildGraph(project)
const all = new Set(graph.order)
report('units of the same', 0.2, () => planUnits(graph, all, { audit: true, wholeRun: false }))
const many = Array.from({ length: 1000 }, (_, i) => `m${i * 7}`).join(' ')
report('1,000 selectors on the same', 0.5, () => select(graph, project, { select: [many] }))

const chain = new HandBuiltProject().table('m0')
for (let i = 1; i <= 5000; i++) chain.view(`m${i}`, [`m${i - 1}`]).test('unique', [`m${i}`])
const long = buildGraph(chain.build()).graph
const tests = new Set(long.order.filter((id) => id.startsWith('test.')))
report('one unit of 5,000 views above each other', 0.2, () =>
  planUnits(long, new Set(long.order), { audit: true, wholeRun: false }),
)
report('tests alone over the same chain', 0.3, () => planUnits(long, tests, { audit: true, wholeRun: false }))
