import type { StatementComment } from '../adapters/statement-comment.ts'
import { UserError } from '../base/errors.ts'
import { version } from '../base/version.ts'
import { createLoadHost } from '../project/load-host.ts'
import type { TargetInfo } from '../project/load-options.ts'
import type { Project } from '../project/project.ts'
import { commentedNode, commentText } from '../project/query-comment.ts'
import type { Node, Operation } from '../project/resource.ts'
import type { EngineOptions } from './options.ts'

/** The comment that goes along with the statements of a node; null for no node, and as a result for none at all. */
export type CommentOf = (node: Node | Operation | null) => StatementComment | null

/** What a comment may speak of. */
interface Commented {
  readonly project: Project
  readonly targetInfo: TargetInfo
  readonly options: EngineOptions
}

/** How the project comments its statements. Raises `UserError` when a comment of a node cannot be made. */
export function queryComments(workspace: Commented): CommentOf {
  const { project, targetInfo, options } = workspace
  const { queryComment } = project
  if (queryComment === null) return () => null
  const { template, append } = queryComment
  if (template === null) return (node) => ({ text: usualComment(workspace, node), append })
  const host = createLoadHost({
    packageName: project.name,
    engine: targetInfo.type,
    target: targetInfo,
    vars: project.vars,
    env: options.env ?? {},
    secrets: false,
  })
  const scope = { host, macros: project.macros, files: project.files }
  return (node) => {
    try {
      const text = commentText(template, scope, node === null ? null : commentedNode(node))
      return text === '' ? null : { text, append }
    } catch (error) {
      // A comment that speaks of the node says nothing where there is none.
      if (node === null && error instanceof UserError) return null
      throw error
    }
  }
}

/** dbt's keys, so that what reads its comments in the engine's logs reads these. */
function usualComment({ targetInfo }: Commented, node: Node | Operation | null): string {
  const comment = {
    app: 'tsdbt',
    dbt_version: version,
    profile_name: targetInfo.profileName,
    target_name: targetInfo.name,
    ...(node === null ? { connection_name: 'master' } : { node_id: node.uniqueId }),
  }
  const text = JSON.stringify(comment, null, 1).replace(/\n\s*/g, ' ').replace('{ ', '{').replace(/ \}$/, '}')
  return text.replaceAll('*/', '*\\/').replaceAll('/*', '\\/*')
}
