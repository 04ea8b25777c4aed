import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import { unknownRef, unknownSource } from '../project/errors.ts'
import type { Project } from '../project/project.ts'
import type { Model, Seed, Source, Test } from '../project/resource.ts'
import type { RefCall, SourceCall } from '../template/host.ts'

/** Finds nodes by the names that templates use. */
export class NodeIndex {
  readonly #byId = new Map<string, Model | Seed | Source | Test>()
  readonly #byName = new Map<string, Model | Seed>()
  readonly #sources = new Map<string, Source>()

  constructor(project: Project) {
    for (const node of [...project.models, ...project.seeds]) {
      this.#byId.set(node.uniqueId, node)
      this.#byName.set(node.name, node)
      this.#byName.set(`${node.packageName}.${node.name}`, node)
    }
    for (const source of project.sources) {
      this.#byId.set(source.uniqueId, source)
      this.#sources.set(`${source.sourceName}.${source.name}`, source)
    }
    for (const test of project.tests) this.#byId.set(test.uniqueId, test)
  }

  get(uniqueId: string): Model | Seed | Source | Test | undefined {
    return this.#byId.get(uniqueId)
  }

  ref(call: RefCall): Model | Seed | undefined {
    return this.#byName.get(call.package === undefined ? call.name : `${call.package}.${call.name}`)
  }

  source(call: SourceCall): Source | undefined {
    return this.#sources.get(`${call.source}.${call.table}`)
  }

  unknownRef(node: string, call: RefCall): Diagnostic {
    return unknownRef({ node, name: call.name, known: this.#byName.keys() }, { span: call.span })
  }

  unknownSource(node: string, call: SourceCall): Diagnostic {
    const hint = didYouMean(`${call.source}.${call.table}`, this.#sources.keys())
    return unknownSource({ node, source: call.source, table: call.table, hint }, { span: call.span })
  }
}
