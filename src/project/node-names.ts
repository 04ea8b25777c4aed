import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean, nearestName } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import type { VersionId } from '../config/property-types.ts'
import type { ReferenceText } from '../config/reference-text.ts'
import { versionSuffix } from '../config/version-order.ts'
import type { FunctionCall, RefCall, SourceCall } from '../template/host.ts'
import { type AccessRules, accessFault, type Reader } from './access.ts'
import {
  ambiguousRef,
  deprecatedRef,
  disabledRef,
  quarantineWithoutFiles,
  selfRef,
  unknownFunction,
  unknownRef,
  unknownSource,
  unknownVersion,
} from './errors.ts'
import { type NameSearch, PackageNames } from './package-names.ts'
import type { Model, Seed, Snapshot, Source, SqlFunction } from './resource.ts'

type Referable = Model | Seed | Snapshot

function versionKey(name: string, version: VersionId): string {
  return `${name} ${versionSuffix(version)}`
}

/** Who asks: for messages, and to tell a test (whose disabled target disables it) from a node. */
export interface Asker {
  readonly uniqueId: string
  readonly name: string
  readonly test: boolean
  /** Whose access counts; absent where every model may be read. */
  readonly reader?: Reader | undefined
}

/** What decides who finds what. */
export interface NameRules extends Omit<NameSearch, 'root'>, AccessRules {
  /** What deprecation dates are compared with. */
  readonly now: Date
}

export type Resolution =
  | { readonly id: string }
  /** The target is disabled; a diagnostic was reported. */
  | { readonly disabled: true }
  /** A diagnostic was reported. */
  | undefined

/** Finds nodes by the names that templates and YAML use, and words what is wrong with them. */
export class NodeNames {
  readonly #packages: readonly string[]
  /** Of a versioned model the latest version. */
  readonly #nodes: PackageNames<Referable>
  readonly #disabled: PackageNames<Referable>
  /** Versions by the model's name and their own. */
  readonly #pinned: PackageNames<Referable>
  readonly #disabledPinned: PackageNames<Referable>
  readonly #sources: PackageNames<Source>
  readonly #functions: PackageNames<SqlFunction>
  readonly #disabledSources: PackageNames<Source>
  /** Names of versioned models with the ids of their versions. */
  readonly #versions = new Map<string, string[]>()
  readonly #told = new Set<string>()
  readonly #rules: NameRules
  readonly #report: (diagnostic: Diagnostic) => void

  /** `packages`: the names of all, the root project first. */
  constructor(packages: readonly string[], rules: NameRules, report: (diagnostic: Diagnostic) => void) {
    const scope = { ownFirst: rules.ownFirst, root: packages[0]! }
    this.#packages = packages
    this.#rules = rules
    this.#nodes = new PackageNames(scope)
    this.#disabled = new PackageNames(scope)
    this.#pinned = new PackageNames(scope)
    this.#disabledPinned = new PackageNames(scope)
    this.#sources = new PackageNames(scope)
    this.#functions = new PackageNames(scope)
    this.#disabledSources = new PackageNames(scope)
    this.#report = report
  }

  addFunction(node: SqlFunction): void {
    this.#functions.add(node.packageName, node.name, node)
  }

  add(node: Referable | Source): void {
    if (node.resourceType === 'source') {
      const key = `${node.sourceName}.${node.name}`
      const sources = node.config.enabled ? this.#sources : this.#disabledSources
      sources.add(node.packageName, key, node)
      return
    }
    const { packageName, name } = node
    const { enabled } = node.config
    const nodes = enabled ? this.#nodes : this.#disabled
    const version = node.resourceType === 'model' ? node.version : null
    if (version === null) {
      nodes.add(packageName, name, node)
      return
    }
    const pinned = enabled ? this.#pinned : this.#disabledPinned
    pinned.add(packageName, versionKey(name, version.id), node)
    this.#versions.set(name, [...(this.#versions.get(name) ?? []), String(version.id)])
    if (String(version.id) === String(version.latest)) nodes.add(packageName, name, node)
  }

  /** The one of that package, also when it is disabled; without a version the latest. */
  get(name: string, packageName: string, version: VersionId | null = null): Referable | undefined {
    const pinned = version !== null
    const key = pinned ? versionKey(name, version) : name
    const [enabled, disabled] = pinned ? [this.#pinned, this.#disabledPinned] : [this.#nodes, this.#disabled]
    return enabled.find(key, packageName, packageName)[0] ?? disabled.find(key, packageName, packageName)[0]
  }

  ref(call: RefCall, asker: Asker): Resolution {
    const place = { span: call.span, node: asker.uniqueId }
    if (call.package !== undefined && !this.#packages.includes(call.package)) {
      const name = `${call.package}.${call.name}`
      this.#report(unknownRef({ node: asker.name, name, known: [], hint: this.#packageHint(call.package) }, place))
      return undefined
    }
    const own = packageOf(asker.uniqueId)
    const pinned = call.version !== undefined
    const key = pinned ? versionKey(call.name, call.version!) : call.name
    const [enabled, disabled] = pinned ? [this.#pinned, this.#disabledPinned] : [this.#nodes, this.#disabled]
    const [node, other] = enabled.find(key, own, call.package)
    if (node !== undefined && other !== undefined) {
      const packages = enabled.find(key, own).map((n) => n.packageName)
      this.#report(ambiguousRef({ node: asker.name, name: call.name, packages }, place))
      return undefined
    }
    if (node !== undefined) return this.#found(node, asker, place)
    if (disabled.find(key, own, call.package).length > 0) {
      this.#report(disabledRef({ node: asker.name, name: call.name, test: asker.test }, place))
      return { disabled: true }
    }
    const versions = this.#versions.get(call.name)
    if (versions !== undefined || this.#nodes.find(call.name, own, call.package).length > 0) {
      const version = call.version ?? 'latest'
      this.#report(unknownVersion({ name: call.name, version, known: versions ?? [] }, place))
      return undefined
    }
    this.#report(
      unknownRef(
        {
          node: asker.name,
          name: call.package === undefined ? call.name : `${call.package}.${call.name}`,
          known: this.#nodes.names(),
          hint: this.#sourceHint(call.name),
        },
        place,
      ),
    )
    return undefined
  }

  #found(node: Referable, asker: Asker, place: { readonly span: Span; readonly node: string }): Resolution {
    if (node.uniqueId === asker.uniqueId) {
      this.#report(selfRef({ node: asker.name }, place))
      return undefined
    }
    const fault = asker.reader === undefined ? undefined : accessFault(asker.reader, node, place, this.#rules)
    // The edge stays: what else depends on it is not to be told as a second mistake.
    if (fault !== undefined) this.#report(fault)
    this.#tellDeprecation(node, asker, place)
    return { id: node.uniqueId }
  }

  /** Once for each reader, however often it refers to the model. Tests of a model are no readers of it. */
  #tellDeprecation(node: Referable, asker: Asker, place: { readonly span: Span; readonly node: string }): void {
    const date = node.resourceType === 'model' ? node.deprecationDate : null
    const key = `${asker.uniqueId} ${node.uniqueId}`
    if (date === null || asker.test || this.#told.has(key)) return
    this.#told.add(key)
    const target =
      node.resourceType === 'model' && node.version !== null
        ? `${node.name}.${versionSuffix(node.version.id)}`
        : node.name
    const past = date < this.#rules.now.toISOString()
    this.#report(deprecatedRef({ node: asker.name, target, date: date.slice(0, 10), past }, place))
  }

  function(call: FunctionCall, asker: Asker): Resolution {
    const packageName = asker.uniqueId.split('.')[1]!
    const [found] = this.#functions.find(call.name, packageName, call.package)
    if (found?.config.enabled === true) return { id: found.uniqueId }
    const known = [...this.#functions.values()].filter((f) => f.config.enabled).map((f) => f.name)
    const name = call.package === undefined ? call.name : `${call.package}.${call.name}`
    const a = { node: asker.name, name, known, disabled: found !== undefined }
    this.#report(unknownFunction(a, { span: call.span, node: asker.uniqueId }))
    return undefined
  }

  source(call: SourceCall, asker: Asker): Resolution {
    const key = `${call.source}.${call.table}`
    const place = { span: call.span, node: asker.uniqueId }
    const own = packageOf(asker.uniqueId)
    const [source, other] = this.#sources.find(key, own)
    if (source !== undefined && other !== undefined) {
      const packages = this.#sources.find(key, own).map((s) => s.packageName)
      this.#report(ambiguousRef({ node: asker.name, name: key, packages }, place))
      return undefined
    }
    if (source !== undefined) {
      if (!call.quarantine || source.files !== null) return { id: source.uniqueId }
      this.#report(quarantineWithoutFiles({ source: call.source, table: call.table }, place))
      return undefined
    }
    if (this.#disabledSources.find(key, own).length > 0) {
      this.#report(disabledRef({ node: asker.name, name: key, test: asker.test }, place))
      return { disabled: true }
    }
    const hint = this.#nearSource(call.source, call.table)
    this.#report(unknownSource({ node: asker.name, source: call.source, table: call.table, hint }, place))
    return undefined
  }

  /** A reference that YAML writes as text. `this` is the asker's own business. */
  text(reference: ReferenceText, span: Span, asker: Asker): Resolution {
    if (reference.kind === 'source')
      return this.source({ source: reference.source, table: reference.table, span, quarantine: false }, asker)
    if (reference.kind === 'ref')
      return this.ref({ package: reference.package, name: reference.name, version: reference.version, span }, asker)
    return undefined
  }

  #packageHint(name: string): string {
    const near = didYouMean(name, this.#packages)
    const [root, ...others] = this.#packages
    if (others.length === 0) return `there is no package \`${name}\`; this project is \`${root}\``
    return `there is no package \`${name}\`; ${near ?? `the packages are ${this.#packages.map((p) => `\`${p}\``).join(', ')}`}`
  }

  #sourceHint(name: string): string | undefined {
    for (const source of this.#sources.values()) {
      if (source.name === name && nearestName(name, this.#nodes.names()) === undefined)
        return `it is a source table: write \`{{source "${source.sourceName}" "${source.name}"}}\``
    }
    return undefined
  }

  #nearSource(source: string, table: string): string | undefined {
    const tables = [...this.#sources.values()]
    const inside = tables.filter((s) => s.sourceName === source)
    const near = nearestName(
      table,
      inside.map((s) => s.name),
    )
    if (near !== undefined) return `did you mean \`${source}.${near}\`?`
    if (inside.length > 0 && inside.length <= 12)
      return `\`${source}\` has the tables ${inside.map((s) => `\`${s.name}\``).join(', ')}`
    const whole = nearestName(
      `${source}.${table}`,
      tables.map((s) => `${s.sourceName}.${s.name}`),
    )
    if (whole !== undefined) return `did you mean \`${whole}\`?`
    const other = nearestName(source, new Set(tables.map((s) => s.sourceName)))
    return other === undefined ? undefined : `did you mean the source \`${other}\`?`
  }
}

/** `shop` of `model.shop.orders`. */
function packageOf(uniqueId: string): string {
  const start = uniqueId.indexOf('.') + 1
  return uniqueId.slice(start, uniqueId.indexOf('.', start))
}
