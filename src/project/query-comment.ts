import { UserError } from '../base/errors.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { type EvaluationScope, evaluate } from '../template/evaluate.ts'
import type { Template } from '../template/template.ts'
import type { Dict } from '../template/value.ts'
import { badQueryComment } from './errors.ts'
import { relationOf } from './relation-of.ts'
import type { Node, Operation } from './resource.ts'
import type { Report, Templates } from './templates.ts'

/** `query-comment`, parsed. */
export interface QueryComment {
  /** Null: the usual comment. */
  readonly template: Template | null
  readonly append: boolean
}

/** Parses the comment of the project file, and tries it once. Mistakes in it are reported. */
export function readQueryComment(
  { queryComment }: ProjectFile,
  templates: Templates,
  scope: EvaluationScope,
  report: Report,
): QueryComment | null {
  if (queryComment === null) return null
  const { statement, append } = queryComment
  if (statement === null) return { template: null, append }
  const template = templates.parseStatement(statement)
  if (template === undefined) return null
  try {
    commentText(template, scope, sampleNode)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    for (const d of error.diagnostics) report(d.span === undefined ? { ...d, span: statement.span } : d)
  }
  return { template, append }
}

/**
 * The text for one node; null for statements of none. Empty when the template gives nothing. Raises `UserError` for
 * marks of a comment inside, which would end it early.
 */
export function commentText(template: Template, scope: EvaluationScope, node: Dict | null): string {
  const host = { ...scope.host, globals: { node, connection_name: node?.['unique_id'] ?? 'master' } }
  const text = evaluate(template, { ...scope, host }).text.trim()
  if (!/\*\/|\/\*/.test(text)) return text
  throw new UserError(badQueryComment({ text }, { span: template.file.path === '' ? undefined : spanOf(template) }))
}

function spanOf({ file }: Template): { path: string; start: number; end: number } {
  const start = Math.max(0, file.text.search(/query-comment/))
  return { path: file.path, start, end: start + 'query-comment'.length }
}

/** What `{{node}}` offers in a comment, in dbt's words. */
export function commentedNode(node: Node | Operation): Dict {
  const relation = node.resourceType === 'operation' ? undefined : relationOf(node)
  const { uniqueId, name, resourceType, packageName, originalFilePath, path, fqn, tags, meta, config } = node
  return {
    unique_id: uniqueId,
    node_id: uniqueId,
    name,
    resource_type: resourceType,
    package_name: packageName,
    original_file_path: originalFilePath,
    path,
    fqn,
    database: relation?.database ?? '',
    schema: relation?.schema ?? '',
    alias: relation?.identifier ?? name,
    tags,
    meta: meta as Dict,
    config: config as unknown as Dict,
  }
}

/** Has every key that a node has. */
const sampleNode: Dict = {
  unique_id: '',
  node_id: '',
  name: '',
  resource_type: '',
  package_name: '',
  original_file_path: '',
  path: '',
  fqn: [],
  database: '',
  schema: '',
  alias: '',
  tags: [],
  meta: {},
  config: {},
}
