import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { UserError } from '../../src/base/errors.ts'
import { SourceFile, SourceSet } from '../../src/base/source-file.ts'
import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions, RunOptions } from '../../src/commands/options.ts'
import type { Outcome } from '../../src/commands/outcome.ts'
import type { Target } from '../engines.ts'

/** A diagnostic with its place as an editor shows it: `path:line:column`. */
export interface Found {
  readonly code: string
  readonly at: string
  readonly text: string
  readonly cause?: string
  readonly rows?: Diagnostic['rows']
}

type Files = Readonly<Record<string, string | Uint8Array | null>>

const FILE: Target = { type: 'duckdb', path: 'shop.duckdb', schema: 'main', threads: 2 }

const profiles = (target: Target): string =>
  `shop:\n  target: dev\n  outputs:\n    dev: ${JSON.stringify(target).replaceAll('":', '": ')}\n`

const basics = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': profiles(FILE),
  'models/stg_orders.sql': 'select 1 as id, 20 as amount\n',
}

/** A small project in a folder of its own; its target is a DuckDB file unless another is given. */
export class TemporaryProject {
  readonly root = mkdtempSync(join(tmpdir(), 'tsdbt-project-'))

  constructor(files: Files = {}, target = FILE) {
    this.write({ ...basics, 'profiles.yml': profiles(target), ...files })
  }

  /** Null leaves a file out. */
  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path)
      if (text === null) rmSync(file, { force: true })
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
  }

  build(run: RunOptions = {}, open: EngineOptions = {}): Promise<{ exitCode: number; found: Found[] }> {
    return this.run((engine) => engine.build(run), open)
  }

  async run(
    command: (engine: Engine) => Promise<Outcome>,
    open: EngineOptions = {},
  ): Promise<{ exitCode: number; found: Found[] }> {
    try {
      const engine = await Engine.open({ projectDir: this.root, env: {}, ...open })
      const outcome = await command(engine)
      return { exitCode: outcome.exitCode, found: outcome.diagnostics.map((d) => describe(d, outcome.files)) }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return { exitCode: 2, found: error.diagnostics.map((d) => describe(d, this.#files())) }
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  #files(): SourceSet {
    const files = new SourceSet()
    for (const [path, text] of Object.entries(basics)) files.add(new SourceFile(path, text))
    return files
  }
}

function describe(d: Diagnostic, files: SourceSet): Found {
  return {
    code: d.code,
    at: place(d, files),
    text: [d.message, ...(d.notes ?? []), ...(d.hints ?? [])].join('\n'),
    ...(d.cause === undefined ? {} : { cause: d.cause }),
    ...(d.rows === undefined ? {} : { rows: d.rows }),
  }
}

function place({ span, data }: Diagnostic, files: SourceSet): string {
  if (data !== undefined) return [data.path, data.line, data.column].filter((part) => part !== undefined).join(':')
  if (span === undefined) return ''
  const position = files.get(span.path)?.position(span.start)
  return position === undefined ? span.path : `${span.path}:${position.line}:${position.column}`
}
