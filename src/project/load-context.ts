import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ProjectFile } from '../config/project-file.ts'
import type { NodeNames } from './node-names.ts'
import type { RelationNaming } from './relation-naming.ts'
import type { Templates } from './templates.ts'

/** What the steps of loading share. */
export interface LoadContext {
  readonly packageName: string
  /** `project.yml` or `dbt_project.yml`. */
  readonly projectPath: string
  readonly project: ProjectFile
  readonly files: SourceSet
  readonly templates: Templates
  readonly naming: RelationNaming
  readonly names: NodeNames
  readonly report: (diagnostic: Diagnostic) => void
}
