import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import { versionSuffix } from '../config/version-order.ts'
import { unknownFunction, unknownRef, unknownSource } from '../project/errors.ts'
import { PackageNames } from '../project/package-names.ts'
import type { Project } from '../project/project.ts'
import type { Analysis, Model, RelationNode, Seed, Snapshot, Source, SqlFunction, Test } from '../project/resource.ts'
import type { FunctionCall, RefCall, SourceCall } from '../template/host.ts'

export type Compilable = RelationNode | Test | Analysis | SqlFunction
/** A version has a name of its own; the latest one has that of the model as well. */
function namesOf(node: Model | Seed | Snapshot): readonly string[] {
  const version = node.resourceType === 'model' ? node.version : null
  if (version === null) return [node.name]
  const own = `${node.name} ${versionSuffix(version.id)}`
  return String(version.id) === String(version.latest) ? [node.name, own] : [own]
}

/** Finds nodes by the names that templates use. */
export class NodeIndex {
  readonly #byId = new Map<string, Compilable>()
  readonly #byName: PackageNames<Model | Seed | Snapshot>
  readonly #sources: PackageNames<Source>
  readonly #functions: PackageNames<SqlFunction>

  constructor(project: Project) {
    const search = { root: project.name, ownFirst: project.ownPackageFirst }
    this.#byName = new PackageNames(search)
    this.#sources = new PackageNames(search)
    this.#functions = new PackageNames(search)
    for (const f of project.functions) this.#functions.add(f.packageName, f.name, f)
    for (const node of [...project.models, ...project.seeds, ...project.snapshots]) {
      this.#byId.set(node.uniqueId, node)
      for (const name of namesOf(node)) this.#byName.add(node.packageName, name, node)
    }
    for (const source of project.sources) {
      this.#byId.set(source.uniqueId, source)
      this.#sources.add(source.packageName, `${source.sourceName}.${source.name}`, source)
    }
    for (const node of [...project.tests, ...project.analyses, ...project.functions])
      this.#byId.set(node.uniqueId, node)
  }

  get(uniqueId: string): Compilable | undefined {
    return this.#byId.get(uniqueId)
  }

  /** `asker`: the package whose template refers. */
  ref(call: RefCall, asker: string): Model | Seed | Snapshot | undefined {
    const name = call.version === undefined ? call.name : `${call.name} ${versionSuffix(call.version)}`
    return this.#byName.find(name, asker, call.package)[0]
  }

  function(call: FunctionCall, asker: string): SqlFunction | undefined {
    return this.#functions.find(call.name, asker, call.package)[0]
  }

  source(call: SourceCall, asker: string): Source | undefined {
    return this.#sources.find(`${call.source}.${call.table}`, asker)[0]
  }

  unknownRef(node: string, call: RefCall): Diagnostic {
    return unknownRef({ node, name: call.name, known: this.#byName.names() }, { span: call.span })
  }

  unknownFunction(node: string, call: FunctionCall): Diagnostic {
    const known = this.#functions.names()
    return unknownFunction({ node, name: call.name, known, disabled: false }, { span: call.span })
  }

  unknownSource(node: string, call: SourceCall): Diagnostic {
    const hint = didYouMean(`${call.source}.${call.table}`, this.#sources.names())
    return unknownSource({ node, source: call.source, table: call.table, hint }, { span: call.span })
  }
}
