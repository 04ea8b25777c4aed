import type { Span } from '../base/span.ts'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { ConfigValue } from '../config/node-config.ts'
import { parseReferenceText, type ReferenceText } from '../config/reference-text.ts'
import { sha256 } from '../config/text-file.ts'
import type { OverrideEntry, OverridesEntry, RowsEntry, UnitTestEntry } from '../config/unit-test-entry.ts'
import { setOwn } from '../config/yaml-reader.ts'
import { configLayers } from './config-layers.ts'
import { FixtureFiles } from './fixture-files.ts'
import type { LoadContext } from './load-context.ts'
import type { Asker } from './node-names.ts'
import type { Described } from './properties.ts'
import type { Model, Snapshot, UnitTest, UnitTestInput, UnitTestOverrides } from './resource.ts'
import { foldersOf } from './resource-folder.ts'
import {
  badInput,
  duplicateUnitTest,
  incrementalOverride,
  inputTwice,
  overrideType,
  snapshotNeedsTable,
  tableAfterNeedsIncrement,
  thisNeedsIncrement,
  thisNotGiven,
  unknownInput,
  unknownMacroOverride,
  unknownTestedModel,
  unknownTestedVersion,
} from './unit-test-errors.ts'
import type { FoundFile } from './walk-files.ts'

/** What has a query to be tested. */
type Tested = Model | Snapshot

interface Known {
  readonly tested: readonly Tested[]
  readonly fixtures: readonly FoundFile[]
}

/** The unit tests of all property files. What a test gives must be what its model reads; mistakes are reported. */
export function buildUnitTests(
  context: LoadContext,
  described: readonly Described<UnitTestEntry>[],
  { tested, fixtures }: Known,
): readonly UnitTest[] {
  if (described.length === 0) return []
  const builder = new UnitTestBuilder(context, tested, new FixtureFiles(context, fixtures))
  const byId = new Map<string, UnitTest>()
  for (const one of described) {
    for (const test of builder.build(one)) {
      const earlier = byId.get(test.uniqueId)
      if (earlier === undefined) byId.set(test.uniqueId, test)
      else {
        const labels = [{ span: earlier.span, text: 'first here' }]
        context.report(duplicateUnitTest({ name: test.name, model: one.entry.model }, { span: test.span, labels }))
      }
    }
  }
  return [...byId.values()]
}

/** Inputs whose rows a test may give: what the model reads, directly or through ephemeral models. */
type Inputs = ReadonlySet<string>

class UnitTestBuilder {
  readonly #context: LoadContext
  readonly #tested: readonly Tested[]
  readonly #byId: ReadonlyMap<string, Tested>
  readonly #fixtures: FixtureFiles

  constructor(context: LoadContext, tested: readonly Tested[], fixtures: FixtureFiles) {
    this.#context = context
    this.#tested = tested
    this.#byId = new Map(tested.filter((m) => m.config.enabled).map((m) => [m.uniqueId, m]))
    this.#fixtures = fixtures
  }

  /** The test of each model that the entry means. */
  build(described: Described<UnitTestEntry>): readonly UnitTest[] {
    const { entry } = described
    const named = this.#tested.filter((m) => m.name === entry.model)
    if (named.length === 0) {
      const known = this.#tested.map((m) => m.name)
      this.#context.report(
        unknownTestedModel({ test: entry.name, model: entry.model, known }, { span: entry.modelSpan }),
      )
    }
    const versions = named.flatMap((model) => versionOf(model)?.id ?? []).map(String)
    this.#refuseUnknownVersions(entry, versions)
    return named.filter((model) => isMeant(entry, model)).flatMap((model) => this.#test(described, model) ?? [])
  }

  #refuseUnknownVersions({ versions, modelSpan, model }: UnitTestEntry, known: readonly string[]): void {
    for (const version of [...(versions?.include ?? []), ...(versions?.exclude ?? [])]) {
      if (!known.includes(String(version)))
        this.#context.report(unknownTestedVersion({ model, version: String(version), known }, { span: modelSpan }))
    }
  }

  #test({ entry, path, localPath }: Described<UnitTestEntry>, model: Tested): UnitTest | undefined {
    const { packageName } = this.#context
    const version = versionOf(model)?.id ?? null
    const name = version === null ? entry.name : `${entry.name}_v${version}`
    const uniqueId = `unit_test.${packageName}.${entry.model}.${name}`
    const fqn = [packageName, ...foldersOf(localPath), entry.model, name]
    const layers = configLayers(this.#context, 'unitTests', fqn, [entry.config])
    const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.unit_test, layers)
    const enabled = config.enabled && model.config.enabled
    const asker = { uniqueId, name, test: true }
    const given = enabled ? this.#inputs(entry, model, asker) : []
    const expect = enabled ? this.#rows(entry.expect) : undefined
    if (enabled && (given === undefined || expect === undefined)) return undefined
    return {
      uniqueId,
      name,
      packageName,
      path: localPath,
      originalFilePath: path,
      fqn,
      span: entry.nameSpan,
      resourceType: 'unit_test',
      description: entry.description,
      config: enabled === config.enabled ? config : { ...config, enabled },
      unrenderedConfig: unrendered,
      tags: config.tags,
      meta: config.meta,
      columns: [],
      patchPath: null,
      dependsOn: [model.uniqueId],
      checksum: sha256(Buffer.from(entry.text)),
      model: model.uniqueId,
      given: given ?? [],
      givenSpan: entry.givenSpan,
      expect: {
        ...writtenOf(entry.expect),
        rows: expect ?? { kind: 'rows', columns: [], rows: [] },
        tolerance: entry.expect.tolerance,
        tableAfter: entry.expect.tableAfter,
      },
      overrides: this.#overrides(entry, model, enabled),
      versions: entry.versions,
      version,
    }
  }

  #inputs(entry: UnitTestEntry, model: Tested, asker: Asker): readonly UnitTestInput[] | undefined {
    const readable = this.#readable(model)
    const found: UnitTestInput[] = []
    let sound = true
    for (const given of entry.given) {
      const target = this.#target(given.input, given.inputSpan, { model, asker, readable })
      const rows = this.#rows(given)
      if (target === undefined || rows === undefined) {
        sound = false
        continue
      }
      const earlier = found.find((f) => f.node === target.node && f.what === target.what)
      const { input, inputSpan } = given
      if (earlier === undefined) found.push({ ...writtenOf(given), ...target, input, inputSpan, rows })
      else {
        const labels = [{ span: earlier.inputSpan, text: 'first here' }]
        this.#context.report(inputTwice({ input }, { span: inputSpan, labels, node: asker.uniqueId }))
      }
    }
    return sound ? found : undefined
  }

  #readable(model: Tested): Inputs {
    const ids = new Set<string>()
    const visit = (one: Tested): void => {
      for (const id of one.dependsOn) {
        if (ids.has(id)) continue
        ids.add(id)
        const parent = this.#byId.get(id)
        if (parent?.config.materialized === 'ephemeral') visit(parent)
      }
    }
    visit(model)
    return ids
  }

  #target(
    input: string,
    span: Span,
    { model, asker, readable }: { readonly model: Tested; readonly asker: Asker; readonly readable: Inputs },
  ): Pick<UnitTestInput, 'node' | 'what'> | undefined {
    const place = { span, node: asker.uniqueId }
    const quarantine = /^\s*quarantine\s*\(/.test(input)
    const reference = parseReferenceText(quarantine ? input.replace('quarantine', 'source') : input)
    if (reference === undefined) {
      this.#context.report(badInput({ input }, place))
      return undefined
    }
    if (reference.kind === 'this') return { node: model.uniqueId, what: 'this' }
    const known = [...readable].map((id) => inputName(id, this.#byId.get(id)))
    const resolved = [...readable].find((id) => isNamed(id, this.#byId.get(id), reference))
    if (resolved !== undefined) return { node: resolved, what: quarantine ? 'quarantine' : 'rows' }
    this.#context.report(unknownInput({ input, model: model.name, known }, place))
    return undefined
  }

  #rows(entry: RowsEntry): UnitTestInput['rows'] | undefined {
    if (entry.rows !== null) return entry.rows
    if (entry.fixture === null || entry.format === 'dict') return undefined
    return this.#fixtures.rows(entry.fixture.name, entry.format, entry.fixture.span)
  }

  #overrides(entry: UnitTestEntry, model: Tested, enabled: boolean): UnitTestOverrides {
    const { overrides } = entry
    const written = writtenOverrides(overrides)
    const incremental = enabled && this.#incremental(entry, model)
    const macros = new Map<string, ConfigValue>()
    for (const [name, override] of overrides.macros) {
      if (name === 'is_incremental' || !enabled) continue
      const id = this.#macro(name, override)
      if (id !== undefined) macros.set(id, override.value)
    }
    const env: Record<string, string> = {}
    for (const [name, { value }] of overrides.envVars) setOwn(env, name, value === null ? '' : String(value))
    return { incremental, macros, vars: valuesOf(overrides.vars), env, written }
  }

  #macro(written: string, { keySpan }: OverrideEntry): string | undefined {
    const { templates, packageName, report } = this.#context
    const name = written.replace(/^(?:dbt|dbt_utils)\./, '')
    const found = templates.macros.resolve('macro', name, templates.engine, packageName)
    if (found !== undefined) return found.uniqueId
    if (!templates.macros.isUnread(name))
      report(unknownMacroOverride({ name: written, known: templates.macros.names('macro') }, { span: keySpan }))
    return undefined
  }

  /** What `(is_incremental)` shall give, and whether what is given fits to it. */
  #incremental(entry: UnitTestEntry, model: Tested): boolean {
    const { report } = this.#context
    const override = entry.overrides.macros.get('is_incremental')
    const changesRows = model.config.materialized === 'incremental' || model.resourceType === 'snapshot'
    const ofThis = entry.given.find((g) => g.input.trim() === 'this')
    const { tableAfter } = entry.expect
    if (override !== undefined && typeof override.value !== 'boolean')
      report(overrideType({ name: 'is_incremental' }, { span: override.span }))
    if (!changesRows) {
      if (tableAfter) report(tableAfterNeedsIncrement({ model: model.name }, { span: entry.expect.span }))
      else if (ofThis !== undefined) report(thisNeedsIncrement({ model: model.name }, { span: ofThis.inputSpan }))
      return override?.value === true
    }
    if (model.resourceType === 'snapshot' && !tableAfter) {
      report(snapshotNeedsTable({ test: entry.name, snapshot: model.name }, { span: entry.nameSpan }))
      return false
    }
    if (override === undefined && !tableAfter) {
      report(incrementalOverride({ test: entry.name, model: model.name }, { span: entry.nameSpan }))
      return false
    }
    const incremental = tableAfter || override?.value === true
    if (tableAfter && override?.value === false)
      report(tableAfterNeedsIncrement({ model: model.name, overridden: true }, { span: override.span }))
    else if (incremental && ofThis === undefined)
      report(thisNotGiven({ test: entry.name, model: model.name }, { span: entry.givenSpan }))
    return incremental
  }
}

function writtenOf({ format, fixture, written, span }: RowsEntry) {
  return { format, fixture: fixture?.name ?? null, written, span }
}

function versionOf(model: Tested | undefined): Model['version'] {
  return model?.resourceType === 'model' ? model.version : null
}

/** `ref('orders')` or `source('shop', 'orders')` of an id, for suggestions. */
function inputName(id: string, model: Tested | undefined): string {
  const [kind, , ...rest] = id.split('.')
  if (kind === 'source') return `source('${rest[0]}', '${rest.slice(1).join('.')}')`
  const version = versionOf(model)
  return version === null ? `ref('${rest.join('.')}')` : `ref('${model!.name}', v=${version.id})`
}

/** Whether a reference means the node; without a version it means the latest one, as in a template. */
function isNamed(id: string, model: Tested | undefined, reference: ReferenceText): boolean {
  const [kind, , ...rest] = id.split('.')
  if (reference.kind === 'source')
    return kind === 'source' && rest.join('.') === `${reference.source}.${reference.table}`
  if (reference.kind !== 'ref' || kind === 'source') return false
  const version = versionOf(model)
  if (version === null) return rest.join('.') === reference.name && reference.version === undefined
  return model!.name === reference.name && String(version.id) === (reference.version ?? String(version.latest))
}

/** The versions that the entry is for: all, or those that it includes or does not exclude. */
function isMeant({ versions }: UnitTestEntry, model: Tested): boolean {
  const version = versionOf(model)
  if (versions === null || version === null) return true
  const has = (list: readonly (string | number)[] | null): boolean =>
    list?.map(String).includes(String(version.id)) === true
  return versions.include === null ? !has(versions.exclude) : has(versions.include) && !has(versions.exclude)
}

function valuesOf(entries: ReadonlyMap<string, OverrideEntry>): { readonly [name: string]: ConfigValue } {
  const values: Record<string, ConfigValue> = {}
  for (const [name, { value }] of entries) setOwn(values, name, value)
  return values
}

function writtenOverrides({ macros, vars, envVars }: OverridesEntry): UnitTestOverrides['written'] {
  if (macros.size + vars.size + envVars.size === 0) return null
  return { macros: valuesOf(macros), vars: valuesOf(vars), env_vars: valuesOf(envVars) }
}
