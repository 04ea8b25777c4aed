// `npm run bench [-- start|parse|graph|build|load|reload|extract|postgres|hyper]`: timings of whole processes, in pairs with the raw work of the same run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { generateProject } from './generate-project.mjs'
import { median, pair, timeProcess } from './measure.mjs'
import { writeRawPlan } from './raw-plan.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const cli = join(here, '../dist/cli.js')
const work = mkdtempSync(join(tmpdir(), 'tsdbt-bench-'))
const node = process.execPath
const rows = []
const report = (job, result, target) => {
  rows.push({ job, result, target })
  console.log(`${job}: ${result} (to reach: ${target})`)
}
const ratio = (p) =>
  `${p.ratio.toFixed(2)} x (${p.low.toFixed(2)} to ${p.high.toFixed(2)}); ${p.a.toFixed(3)} s against ${p.b.toFixed(3)} s`

/** A benchmark in TypeScript as a file that node runs. */
async function bundle(name) {
  const script = join(here, `../node_modules/.cache/tsdbt-bench-${name}.mjs`)
  await build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  return script
}

const jobs = {
  start() {
    const p = pair(
      10,
      () => timeProcess(node, [cli, '--version']).seconds,
      () => timeProcess(node, ['-e', '0']).seconds,
    )
    report('--version against bare node', ratio(p), '1.6 x')
  },
  parse() {
    for (const [models, target] of [
      [1000, '0.8 s'],
      [10000, '5 s, 600 MiB'],
    ]) {
      const out = join(work, `parse-${models}`)
      generateProject({ models, out })
      const runs = []
      const bare = []
      for (let i = 0; i < 5; i++) {
        rmSync(join(out, 'target'), { recursive: true, force: true })
        runs.push(timeProcess(node, [cli, 'parse', '--project-dir', out], { peak: true }))
        bare.push(timeProcess(node, ['-e', '0']).seconds)
      }
      const seconds = median(runs.map((r) => r.seconds))
      const peak = median(runs.map((r) => r.peakMiB))
      // Bare node tells how fast the machine is at the moment: it takes 0.06 s on the machine of the targets.
      const factor = seconds / median(bare)
      report(
        `parse ${models} models, cold`,
        `${seconds.toFixed(2)} s, ${factor.toFixed(1)} x bare node, peak ${peak.toFixed(0)} MiB`,
        target,
      )
    }
  },
  async graph() {
    const { stdout } = spawnSync(node, [await bundle('graph')], { encoding: 'utf8' })
    for (const line of stdout.split('\n').filter((text) => text !== '')) report(...line.split('\t'))
  },
  build() {
    const out = join(work, 'build')
    generateProject({ models: 1000, out })
    const build = () => {
      rmSync(join(out, 'bench.duckdb'), { force: true })
      return timeProcess(node, [cli, 'build', '--project-dir', out, '--threads', '4', '--quiet']).seconds
    }
    build()
    const plan = join(work, 'plan.json')
    writeRawPlan(out, plan)
    const raw = () => {
      rmSync(join(work, 'raw.duckdb'), { force: true })
      return timeProcess(node, [join(here, 'raw-build.mjs'), plan, join(work, 'raw.duckdb')]).seconds
    }
    report('build of 1,000 models, 4 threads, against the same statements', ratio(pair(3, build, raw)), '1.3 x')
  },
  async load() {
    const script = await bundle('load')
    const { stdout } = spawnSync(node, [script, '1000000', '5'], { encoding: 'utf8' })
    report('source file of 1,000,000 rows against read_csv', stdout.trim().split('\n').at(-1), 'rate 0.7 x')
  },
  reload() {
    const root = join(here, '..')
    const first = timeProcess(node, [cli, 'load', '--project-dir', root, '--quiet']).seconds
    const second = timeProcess(node, [cli, 'load', '--project-dir', root, '--quiet']).seconds
    report('second load of the root project', `${second.toFixed(2)} s after ${first.toFixed(2)} s`, 'reloads no file')
  },
  async extract() {
    const script = await bundle('extract')
    for (const engine of ['duckdb', 'postgres']) {
      for (const format of ['parquet', 'csv']) {
        const { stdout } = spawnSync(node, [script, '1000000', '3', engine, format], { encoding: 'utf8' })
        report(`1,000,000 rows to ${format} from ${engine} against its own COPY`, stdout.trim(), 'bounded memory')
      }
    }
  },
  async postgres() {
    const out = join(work, 'postgres')
    generateProject({ models: 1000, out })
    const { stdout, status } = spawnSync(node, [await bundle('postgres'), join(here, '..'), cli, out], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for (const line of stdout.split('\n').filter((text) => text !== '')) report(...line.split('\t'))
    if (status !== 0) throw new Error(`the benchmark ended with ${status}`)
  },
  async hyper() {
    const { stdout, status } = spawnSync(node, [await bundle('hyper'), join(here, '..'), cli], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for (const line of stdout.split('\n').filter((text) => text !== '')) report(...line.split('\t'))
    if (status !== 0) throw new Error(`the benchmark ended with ${status}`)
  },
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => jobs[name] === undefined)
if (unknown.length > 0) {
  console.error(`unknown benchmark: ${unknown.join(', ')}; there are ${Object.keys(jobs).join(', ')}`)
  process.exit(2)
}
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(jobs)) await jobs[name]()
  console.table(rows)
} finally {
  rmSync(work, { recursive: true, force: true })
}
