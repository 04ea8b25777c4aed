import type { Diagnostic } from '../base/diagnostic.ts'
import { nearestName } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import type { ReferenceText } from '../config/reference-text.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import { disabledRef, quarantineWithoutFiles, selfRef, unknownRef, unknownSource, versionedRef } from './errors.ts'
import type { Model, Seed, Source } from './resource.ts'

type Referable = Model | Seed

/** Who asks: for messages, and to tell a test (whose disabled target disables it) from a node. */
export interface Asker {
  readonly uniqueId: string
  readonly name: string
  readonly test: boolean
}

export type Resolution =
  | { readonly id: string }
  /** The target is disabled; a diagnostic was reported. */
  | { readonly disabled: true }
  /** A diagnostic was reported. */
  | undefined

/** Finds nodes by the names that templates and YAML use, and words what is wrong with them. */
export class NodeNames {
  readonly #packageName: string
  readonly #nodes = new Map<string, Referable>()
  readonly #disabled = new Map<string, Referable>()
  readonly #sources = new Map<string, Source>()
  readonly #disabledSources = new Set<string>()
  readonly #report: (diagnostic: Diagnostic) => void

  constructor(packageName: string, report: (diagnostic: Diagnostic) => void) {
    this.#packageName = packageName
    this.#report = report
  }

  add(node: Referable | Source): void {
    if (node.resourceType === 'source') {
      const key = `${node.sourceName}.${node.name}`
      if (node.config.enabled) this.#sources.set(key, node)
      else this.#disabledSources.add(key)
    } else (node.config.enabled ? this.#nodes : this.#disabled).set(node.name, node)
  }

  get(name: string): Referable | undefined {
    return this.#nodes.get(name) ?? this.#disabled.get(name)
  }

  ref(call: RefCall, asker: Asker): Resolution {
    const place = { span: call.span, node: asker.uniqueId }
    if (call.version !== undefined) {
      this.#report(versionedRef({ name: call.name, version: call.version }, place))
      return undefined
    }
    if (call.package !== undefined && call.package !== this.#packageName) {
      const name = `${call.package}.${call.name}`
      const hint = `there is no package \`${call.package}\`; this project is \`${this.#packageName}\``
      this.#report(unknownRef({ node: asker.name, name, known: [], hint }, place))
      return undefined
    }
    const node = this.#nodes.get(call.name)
    if (node !== undefined) {
      if (node.uniqueId !== asker.uniqueId) return { id: node.uniqueId }
      this.#report(selfRef({ node: asker.name }, place))
      return undefined
    }
    if (this.#disabled.has(call.name)) {
      this.#report(disabledRef({ node: asker.name, name: call.name, test: asker.test }, place))
      return { disabled: true }
    }
    this.#report(
      unknownRef(
        { node: asker.name, name: call.name, known: this.#nodes.keys(), hint: this.#sourceHint(call.name) },
        place,
      ),
    )
    return undefined
  }

  source(call: SourceCall, asker: Asker): Resolution {
    const key = `${call.source}.${call.table}`
    const place = { span: call.span, node: asker.uniqueId }
    const source = this.#sources.get(key)
    if (source !== undefined) {
      if (!call.quarantine || source.files !== null) return { id: source.uniqueId }
      this.#report(quarantineWithoutFiles({ source: call.source, table: call.table }, place))
      return undefined
    }
    if (this.#disabledSources.has(key)) {
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

  #sourceHint(name: string): string | undefined {
    for (const source of this.#sources.values()) {
      if (source.name === name && nearestName(name, this.#nodes.keys()) === undefined)
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
