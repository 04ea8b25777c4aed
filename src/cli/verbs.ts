import type { Flag } from './flag.ts'
import {
  addPackage,
  allOrNothing,
  args,
  docsFlags,
  dryRun,
  empty,
  fullRefresh,
  idempotence,
  inline,
  limit,
  lock,
  output,
  outputFile,
  outputKeys,
  packageSource,
  pruneFlags,
  publish,
  selectionFlags,
  showRows,
  skipProfileSetup,
  sql,
  storeFailures,
  tables,
  timeFlags,
  upgrade,
  why,
} from './flags.ts'

export type VerbName =
  | 'init'
  | 'debug'
  | 'parse'
  | 'compile'
  | 'ls'
  | 'show'
  | 'run'
  | 'test'
  | 'seed'
  | 'snapshot'
  | 'load'
  | 'build'
  | 'export'
  | 'clean'
  | 'retry'
  | 'clone'
  | 'deps'
  | 'run-operation'
  | 'source'
  | 'freshness'
  | 'docs'
  | 'prune'

/** One command as the command line sees it. */
export interface Verb {
  readonly name: VerbName
  readonly alias?: string | undefined
  readonly about: string
  readonly flags: readonly Flag[]
  /** The one argument it may have. */
  readonly argument?: { readonly name: string; readonly about: string } | undefined
  /** What the argument must be, when only few words make a command. */
  readonly words?: readonly string[] | undefined
  readonly examples: readonly string[]
}

export const verbs: readonly Verb[] = [
  {
    name: 'init',
    about: 'make a small project that works',
    argument: { name: 'name', about: 'name of the project and its folder' },
    flags: [skipProfileSetup],
    examples: ['tsdbt init shop'],
  },
  {
    name: 'debug',
    about: 'check versions, project, profile and connection',
    flags: [],
    examples: ['tsdbt debug --target prod'],
  },
  { name: 'parse', about: 'read the project and report every mistake', flags: [], examples: ['tsdbt parse'] },
  {
    name: 'compile',
    about: 'write the SQL of the models to target/compiled',
    flags: [...selectionFlags, inline, output('text', 'json'), fullRefresh, empty, ...timeFlags],
    examples: ['tsdbt compile --select orders', `tsdbt compile --inline 'select * from {{ref "orders"}}'`],
  },
  {
    name: 'ls',
    alias: 'list',
    about: 'list nodes',
    flags: [...selectionFlags, output('selector', 'name', 'path', 'json'), outputKeys, why],
    examples: [
      'tsdbt ls --select tag:daily+',
      'tsdbt ls --output json --output-keys name config.materialized',
      'tsdbt ls --select state:modified --why',
    ],
  },
  {
    name: 'show',
    about: 'run a model’s query and print rows; nothing is written',
    flags: [...selectionFlags, inline, limit, output('text', 'json', 'csv', 'ndjson'), empty, ...timeFlags],
    examples: ['tsdbt show --select orders --limit 20', `tsdbt show --inline 'select 1 as a' --output csv`],
  },
  {
    name: 'run',
    about: 'build models; no tests',
    flags: [...selectionFlags, fullRefresh, empty, ...timeFlags, dryRun, allOrNothing],
    examples: ['tsdbt run --select +orders'],
  },
  {
    name: 'test',
    about: 'run tests on what is there',
    flags: [...selectionFlags, storeFailures, idempotence, dryRun],
    examples: ['tsdbt test --select orders', 'tsdbt test --idempotence --select config.materialized:incremental'],
  },
  {
    name: 'seed',
    about: 'load seed files',
    flags: [...selectionFlags, fullRefresh, empty, dryRun, showRows],
    examples: ['tsdbt seed --show'],
  },
  {
    name: 'snapshot',
    about: 'bring snapshots up to date; their history is never dropped',
    flags: [...selectionFlags, empty, dryRun],
    examples: ['tsdbt snapshot', 'tsdbt snapshot --select customers_history'],
  },
  {
    name: 'load',
    about: 'load source files that are new or changed',
    flags: [...selectionFlags, fullRefresh, dryRun],
    examples: ['tsdbt load --select source:shop'],
  },
  {
    name: 'build',
    about: 'load, build and test in the order of the DAG; publish only what passes',
    flags: [
      ...selectionFlags,
      fullRefresh,
      empty,
      ...timeFlags,
      dryRun,
      allOrNothing,
      storeFailures,
      showRows,
      publish,
    ],
    examples: ['tsdbt build', 'tsdbt build --select staging+ --full-refresh'],
  },
  {
    name: 'export',
    about: 'make the files of exports from what is published; nothing is built',
    flags: [...selectionFlags, dryRun, publish],
    examples: ['tsdbt export', 'tsdbt export --select export:weekly_sales', 'tsdbt export --dry-run'],
  },
  {
    name: 'source',
    about: '`source freshness`: measure how old the newest rows of sources are',
    argument: { name: 'freshness', about: 'what to do with sources' },
    words: ['freshness'],
    flags: [...selectionFlags, outputFile],
    examples: ['tsdbt source freshness', 'tsdbt source freshness --select source:crm'],
  },
  {
    name: 'freshness',
    about: 'the same as `source freshness`',
    flags: [...selectionFlags, outputFile],
    examples: ['tsdbt freshness --select source:crm.contacts'],
  },
  {
    name: 'docs',
    about: '`docs generate`: write manifest.json and catalog.json',
    argument: { name: 'generate', about: 'what to do with the documentation' },
    words: ['generate'],
    flags: [...selectionFlags, ...docsFlags],
    examples: ['tsdbt docs generate', 'tsdbt docs generate --no-compile --select marts'],
  },
  {
    name: 'deps',
    about: 'install the packages of packages.yml as package-lock.yml pins them',
    flags: [lock, upgrade, addPackage, packageSource],
    examples: ['tsdbt deps', 'tsdbt deps --upgrade', 'tsdbt deps --add-package @acme/shop-models@^1.2.0'],
  },
  {
    name: 'clone',
    about: 'make what another target has built readable in this one',
    flags: [...selectionFlags, fullRefresh, tables, dryRun],
    examples: ['tsdbt clone --state prod-artifacts', 'tsdbt clone --state target/state/prod --tables'],
  },
  {
    name: 'retry',
    about: 'run again what failed or was skipped in the last run, with its settings',
    flags: [fullRefresh, dryRun],
    examples: ['tsdbt retry', 'tsdbt retry --target prod'],
  },
  {
    name: 'prune',
    about: 'drop relations that tsdbt made and no node makes any more; asks first',
    flags: pruneFlags,
    examples: ['tsdbt prune', 'tsdbt prune --yes'],
  },
  { name: 'clean', about: 'delete the folders of clean-targets', flags: [], examples: ['tsdbt clean'] },
  {
    name: 'run-operation',
    about: 'run a macro, or a statement',
    argument: { name: 'macro', about: 'name of the macro' },
    flags: [args, sql, output('text', 'json', 'csv', 'ndjson')],
    examples: [`tsdbt run-operation grant_all --args '{role: reader}'`, `tsdbt run-operation --sql 'vacuum'`],
  },
]
