import { createHash } from 'node:crypto'
import { SourceFile, SourceSet } from '../../src/base/source-file.ts'
import type { Span } from '../../src/base/span.ts'
import { DEFAULT_CONFIG } from '../../src/config/merge-config.ts'
import type { ConfigValue, NodeConfig } from '../../src/config/node-config.ts'
import type { Project } from '../../src/project/project.ts'
import type { Column, Model, Seed, Source, Test, UnitTest } from '../../src/project/resource.ts'
import type { MacroRegistry } from '../../src/template/macro-registry.ts'
import type { MacroDefinition, StaticFacts, Template } from '../../src/template/template.ts'
import { filesSpec } from '../load/loading.ts'

interface NodeOptions {
  readonly reads?: readonly string[]
  readonly config?: Partial<NodeConfig>
  readonly folder?: string
  readonly columns?: readonly Column[]
  readonly description?: string
  readonly macros?: readonly string[]
  readonly patchPath?: string
}

const packageName = 'shop'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function column(name: string, more: Partial<Column> = {}): Column {
  return {
    name,
    description: '',
    dataType: null,
    meta: {},
    tags: [],
    quote: null,
    constraints: [],
    required: true,
    span: { path: 'models/models.yml', start: 0, end: 0 },
    ...more,
  }
}

function facts(more: Partial<StaticFacts> = {}): StaticFacts {
  return {
    refs: [],
    sources: [],
    functions: [],
    config: [],
    macros: [],
    variables: [],
    environment: [],
    usesThis: false,
    usesIncremental: false,
    usesQuery: false,
    ...more,
  }
}

function template(file: SourceFile): Template {
  return { file, program: { body: [] }, definitions: [], definitionsOnly: false }
}

/** Builds a project by hand, node by node. `reads` takes names; what has no name yet is an id. */
export class HandBuiltProject {
  readonly #models: Model[] = []
  readonly #seeds: Seed[] = []
  readonly #sources: Source[] = []
  readonly #tests: Test[] = []
  readonly #unitTests: UnitTest[] = []
  readonly #macros: MacroDefinition[] = []
  readonly #disabled: Model[] = []
  readonly #ids = new Map<string, string>()
  readonly files = new SourceSet()

  #base(name: string, folder: string, extension: string, options: NodeOptions, text: string) {
    const path = `${folder === '' ? '' : `${folder}/`}${name}.${extension}`
    const config = { ...DEFAULT_CONFIG.model, ...options.config }
    return {
      name,
      packageName,
      path,
      fqn: [packageName, ...(folder === '' ? [] : folder.split('/')), name],
      description: options.description ?? '',
      config,
      unrenderedConfig: { ...options.config } as { [key: string]: ConfigValue },
      tags: config.tags,
      meta: config.meta,
      columns: options.columns ?? [],
      patchPath: options.patchPath ?? null,
      dependsOn: (options.reads ?? []).map((r) => this.#ids.get(r) ?? r),
      checksum: sha256(text),
    } as const
  }

  model(name: string, reads: readonly string[] = [], options: NodeOptions = {}): this {
    const model = this.#model(name, { ...options, reads })
    this.#ids.set(name, model.uniqueId)
    this.#models.push(model)
    return this
  }

  disabledModel(name: string): this {
    this.#disabled.push(this.#model(name, { config: { enabled: false } }))
    return this
  }

  view(name: string, reads: readonly string[] = []): this {
    return this.model(name, reads)
  }

  table(name: string, reads: readonly string[] = []): this {
    return this.model(name, reads, { config: { materialized: 'table' } })
  }

  ephemeral(name: string, reads: readonly string[] = []): this {
    return this.model(name, reads, { config: { materialized: 'ephemeral' } })
  }

  #model(name: string, options: NodeOptions): Model {
    const reads = options.reads ?? []
    const pieces: string[] = ['select 1 as id']
    const refs: { name: string; span: Span }[] = []
    const folder = options.folder ?? ''
    const base = this.#base(name, folder, 'sql', options, pieces.join(''))
    const originalFilePath = `models/${base.path}`
    let at = pieces[0]!.length
    for (const read of reads) {
      const before = ' from {{ref "'
      const short = read.split('.').at(-1)!
      refs.push({
        name: short,
        span: { path: originalFilePath, start: at + before.length, end: at + before.length + short.length },
      })
      pieces.push(before, short, '"}}')
      at += before.length + short.length + 3
    }
    const file = this.files.add(new SourceFile(originalFilePath, pieces.join('')))
    return {
      ...base,
      resourceType: 'model',
      uniqueId: `model.${packageName}.${name}`,
      originalFilePath,
      span: { path: originalFilePath, start: 0, end: 0 },
      relation: { database: 'dev', schema: 'main', identifier: options.config?.alias ?? name },
      template: template(file),
      facts: facts({ refs, macros: options.macros ?? [] }),
      constraints: [],
      version: null,
      deprecationDate: null,
    }
  }

  seed(name: string, options: NodeOptions = {}): this {
    const base = this.#base(
      name,
      options.folder ?? '',
      'csv',
      { ...options, config: { materialized: 'seed', ...options.config } },
      name,
    )
    const originalFilePath = `seeds/${base.path}`
    this.#ids.set(name, `seed.${packageName}.${name}`)
    this.#seeds.push({
      ...base,
      resourceType: 'seed',
      uniqueId: `seed.${packageName}.${name}`,
      originalFilePath,
      span: { path: originalFilePath, start: 0, end: 0 },
      relation: { database: 'dev', schema: 'main', identifier: name },
      absolutePath: `/project/${originalFilePath}`,
    })
    return this
  }

  /** `loaded`: tsdbt loads it from files. The name for `reads` is `source.table`. */
  source(source: string, table: string, options: NodeOptions & { readonly loaded?: boolean } = {}): this {
    const base = this.#base(table, options.folder ?? 'staging', 'yml', options, table)
    const path = 'models/staging/sources.yml'
    const span = { path, start: 0, end: 0 }
    const uniqueId = `source.${packageName}.${source}.${table}`
    this.#ids.set(`${source}.${table}`, uniqueId)
    this.#sources.push({
      ...base,
      resourceType: 'source',
      uniqueId,
      fqn: [packageName, 'staging', source, table],
      path,
      originalFilePath: path,
      span,
      sourceName: source,
      unrenderedPlace: { database: null, schema: null },
      sourceDescription: '',
      sourceMeta: {},
      loader: '',
      identifier: table,
      relation: { database: 'dev', schema: `raw_${source}`, identifier: table },
      quarantine: { database: 'dev', schema: `raw_${source}`, identifier: `${table}__quarantine` },
      files: options.loaded === true ? filesSpec({ maxBadRows: { share: 0.01 }, locationSpan: span, span }) : null,
      loadedAtField: null,
      loadedAtQuery: null,
      freshnessPlaces: {},
      freshness: null,
    })
    return this
  }

  /** A generic test `<type>_<first parent>` unless `name` says otherwise; `reads` as they stand in `depends_on`. */
  test(
    type: string,
    reads: readonly string[],
    options: NodeOptions & { readonly name?: string; readonly column?: string } = {},
  ): this {
    const tested = reads.at(-1)!
    const name =
      options.name ?? `${type}_${tested.replace('.', '_')}${options.column === undefined ? '' : `_${options.column}`}`
    const base = this.#base(
      name,
      '',
      'sql',
      { ...options, reads, config: { materialized: 'test', ...options.config } },
      name,
    )
    const hash = sha256(name).slice(0, 10)
    const path = 'models/models.yml'
    const uniqueId = `test.${packageName}.${name}.${hash}`
    this.#ids.set(name, uniqueId)
    this.#tests.push({
      ...base,
      resourceType: 'test',
      uniqueId,
      originalFilePath: path,
      span: { path, start: 0, end: 0 },
      relation: { database: 'dev', schema: 'main_dbt_test__audit', identifier: name },
      hash,
      generic: {
        name: type,
        namespace: null,
        macroId: `macro.tsdbt.test_${type}`,
        kwargs: type === 'relationships' ? { to: `ref('${reads[0]}')`, field: 'id' } : {},
        argumentSpans: {},
        references: type === 'relationships' ? { to: this.#ids.get(reads[0]!)! } : {},
      },
      template: null,
      facts: facts(),
      attachedNode: this.#ids.get(tested)!,
      columnName: options.column ?? null,
    })
    return this
  }

  singularTest(name: string, reads: readonly string[], options: NodeOptions = {}): this {
    const base = this.#base(
      name,
      '',
      'sql',
      { ...options, reads, config: { materialized: 'test', ...options.config } },
      name,
    )
    const originalFilePath = `tests/${name}.sql`
    const file = this.files.add(new SourceFile(originalFilePath, `select * from ${name}`))
    this.#ids.set(name, `test.${packageName}.${name}`)
    this.#tests.push({
      ...base,
      resourceType: 'test',
      uniqueId: `test.${packageName}.${name}`,
      originalFilePath,
      span: { path: originalFilePath, start: 0, end: 0 },
      relation: { database: 'dev', schema: 'main_dbt_test__audit', identifier: name },
      hash: null,
      generic: null,
      template: template(file),
      facts: facts(),
      attachedNode: null,
      columnName: null,
    })
    return this
  }

  unitTest(name: string, model: string): this {
    const base = this.#base(name, '', 'yml', { reads: [model], config: { materialized: 'unit' } }, name)
    const uniqueId = `unit_test.${packageName}.${model}.${name}`
    const originalFilePath = 'models/unit.yml'
    const span = { path: originalFilePath, start: 0, end: 0 }
    const rows = { kind: 'rows', columns: [], rows: [] } as const
    const written = { rows, format: 'dict', fixture: null, written: [], span } as const
    this.#ids.set(name, uniqueId)
    this.#unitTests.push({
      ...base,
      resourceType: 'unit_test',
      uniqueId,
      originalFilePath,
      span,
      fqn: [packageName, model, name],
      model: this.id(model),
      given: [],
      givenSpan: span,
      expect: { ...written, tolerance: 0, tableAfter: false },
      overrides: { incremental: false, macros: new Map(), vars: {}, env: {}, written: null },
      versions: null,
      version: null,
    })
    return this
  }

  macro(uniqueId: string, text: string, kind: 'macro' | 'test' = 'macro'): this {
    const [, owner, name] = uniqueId.split('.') as [string, string, string]
    const path = owner === 'tsdbt' ? `<tsdbt>/macros/${name}.sql` : `macros/${name}.sql`
    const file = this.files.add(new SourceFile(path, text))
    const span = { path, start: 0, end: text.length }
    const { program: body } = template(file)
    const definition = {
      kind,
      name: name.replace(/^test_/, ''),
      engine: undefined,
      packageName: owner,
      uniqueId,
      parameters: [],
    }
    this.#macros.push({ ...definition, body, file, span, nameSpan: span })
    return this
  }

  /** The id of a node by its name. */
  id(name: string): string {
    return this.#ids.get(name) ?? name
  }

  build(): Project {
    const macros = this.#macros
    const registry: MacroRegistry = {
      resolve: (kind, name) => macros.find((m) => m.kind === kind && m.name === name),
      enginesOf: () => [],
      isUnread: () => false,
      names: (kind) => macros.filter((m) => m.kind === kind).map((m) => m.name),
      get: (uniqueId) => macros.find((m) => m.uniqueId === uniqueId),
      written: macros.filter((m) => m.packageName !== 'tsdbt'),
      all: () => macros,
    }
    return {
      name: packageName,
      version: '1.0.0',
      root: '/project',
      file: 'project.yml',
      models: this.#models,
      seeds: this.#seeds,
      sources: this.#sources,
      snapshots: [],
      tests: this.#tests,
      unitTests: this.#unitTests,
      exposures: [],
      exports: [],
      analyses: [],
      docs: [],
      selectors: [],
      functions: [],
      operations: [],
      groups: [],
      disabled: this.#disabled,
      macros: registry,
      macroProperties: new Map(),
      vars: {},
      packages: [],
      ownPackageFirst: false,
      declaredVars: {},
      publishRun: false,
      compareVariables: false,
      targetPath: 'target',
      cleanTargets: ['target'],
      queryComment: null,
      files: this.files,
      diagnostics: [],
    }
  }
}
