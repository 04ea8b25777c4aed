import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ProjectFile } from '../config/project-file.ts'
import type { GroupNames } from './build-groups.ts'
import type { NodeNames } from './node-names.ts'
import type { RelationNaming } from './relation-naming.ts'
import type { Templates } from './templates.ts'

/** What the steps of loading share for one package. */
export interface LoadContext {
  readonly packageName: string
  /** `project.yml` or `dbt_project.yml`, relative to the package. */
  readonly projectPath: string
  readonly project: ProjectFile
  /** Of a package: the root project's file, whose configuration wins over all others. Null for the root project itself. */
  readonly overrides: ProjectFile | null
  readonly files: SourceSet
  readonly templates: Templates
  readonly naming: RelationNaming
  readonly names: NodeNames
  readonly groups: GroupNames
  readonly report: (diagnostic: Diagnostic) => void
}
