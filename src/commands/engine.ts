import { build } from './build.ts'
import { clone } from './clone.ts'
import { compile } from './compile.ts'
import { docsGenerate } from './docs-generate.ts'
import { exportNodes } from './export.ts'
import { freshness } from './freshness.ts'
import { list } from './list.ts'
import { load } from './load.ts'
import type {
  CloneOptions,
  CompileOptions,
  DocsOptions,
  EngineOptions,
  FreshnessOptions,
  ListOptions,
  OperationOptions,
  PruneOptions,
  RetryOptions,
  RunOptions,
  ShowOptions,
} from './options.ts'
import type {
  CompileOutcome,
  DocsOutcome,
  FreshnessOutcome,
  ListOutcome,
  OperationOutcome,
  Outcome,
  PruneOutcome,
  RunReport,
  ShowOutcome,
} from './outcome.ts'
import { parse } from './parse.ts'
import { prune } from './prune.ts'
import { retry } from './retry.ts'
import { run } from './run.ts'
import { runOperation } from './run-operation.ts'
import { seed } from './seed.ts'
import { show } from './show.ts'
import { snapshot } from './snapshot.ts'
import { test } from './test.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

/**
 * A project that was read once, and the commands on it. Mistakes of the project are in every outcome's `diagnostics`;
 * only a missing project or target makes `open` raise `UserError`. Each command opens and closes its own connection.
 */
export class Engine {
  readonly #workspace: Workspace

  private constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  static async open(options: EngineOptions = {}): Promise<Engine> {
    return new Engine(openWorkspace(options))
  }

  /** Runs again what failed in the last run; `options` open the project as that run had it, where they say nothing else. */
  static retry(options: EngineOptions, wanted?: RetryOptions): Promise<RunReport> {
    return retry(options, wanted)
  }

  parse(): Promise<Outcome> {
    return parse(this.#workspace)
  }

  async ls(options?: ListOptions): Promise<ListOutcome> {
    return list(this.#workspace, options)
  }

  compile(options?: CompileOptions): Promise<CompileOutcome> {
    return compile(this.#workspace, options)
  }

  show(options: ShowOptions): Promise<ShowOutcome> {
    return show(this.#workspace, options)
  }

  build(options?: RunOptions): Promise<RunReport> {
    return build(this.#workspace, options)
  }

  run(options?: RunOptions): Promise<RunReport> {
    return run(this.#workspace, options)
  }

  test(options?: RunOptions): Promise<RunReport> {
    return test(this.#workspace, options)
  }

  seed(options?: RunOptions): Promise<RunReport> {
    return seed(this.#workspace, options)
  }

  snapshot(options?: RunOptions): Promise<RunReport> {
    return snapshot(this.#workspace, options)
  }

  export(options?: RunOptions): Promise<RunReport> {
    return exportNodes(this.#workspace, options)
  }

  clone(options?: CloneOptions): Promise<RunReport> {
    return clone(this.#workspace, options)
  }

  load(options?: RunOptions): Promise<RunReport> {
    return load(this.#workspace, options)
  }

  freshness(options?: FreshnessOptions): Promise<FreshnessOutcome> {
    return freshness(this.#workspace, options)
  }

  docsGenerate(options?: DocsOptions): Promise<DocsOutcome> {
    return docsGenerate(this.#workspace, options)
  }

  prune(options?: PruneOptions): Promise<PruneOutcome> {
    return prune(this.#workspace, options)
  }

  runOperation(options: OperationOptions): Promise<OperationOutcome> {
    return runOperation(this.#workspace, options)
  }
}
