import type { Diagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import { SourceFile } from '../../base/source-file.ts'
import type { Project } from '../../project/project.ts'
import { selectionEmpty, selectionIgnored, selectorValue } from '../errors.ts'
import type { Graph } from '../graph.ts'
import type { EarlierState } from './earlier-state.ts'
import { evaluateSelection } from './evaluate-selection.ts'
import { NodeIndex } from './node-index.ts'
import { parseSelection } from './parse-selection.ts'
import { resourceTypes as knownTypes } from './property-methods.ts'
import { SavedSelectors } from './saved-selectors.ts'
import type { IndirectSelection, Selection } from './selection-tree.ts'
import { subtract } from './set-operations.ts'

/** What to select, as the command line says it. */
export interface SelectionRequest {
  /** Each entry may hold several selectors separated by blanks; undefined or an empty list selects everything. */
  readonly select?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Name of a saved selector; it takes the place of `select` and `exclude`. */
  readonly selector?: string | undefined
  /** `eager` when undefined. */
  readonly indirectSelection?: IndirectSelection | undefined
  /** Keeps only these; `all` and `default` keep everything. */
  readonly resourceTypes?: readonly string[] | undefined
  readonly excludeResourceTypes?: readonly string[] | undefined
  /** What `state:` and its kin compare with. */
  readonly earlier?: EarlierState | undefined
}

export interface SelectionResult {
  readonly ids: ReadonlySet<string>
  /** Errors (syntax, unknown method or value) and warnings (a selector without a match, nothing left). */
  readonly diagnostics: readonly Diagnostic[]
  /** The saved selector that was used because nothing else was said. */
  readonly standard?: string | undefined
}

type SelectionProject = Pick<Project, 'name' | 'root' | 'files'> & Partial<Pick<Project, 'selectors' | 'disabled'>>

/**
 * The nodes that a command works on. Texts of `--select` and `--exclude` are added to the project's files, as
 * `<--select>` and `<--exclude>`, so that diagnostics can point into them.
 */
export function select(graph: Graph, project: SelectionProject, request: SelectionRequest): SelectionResult {
  const diagnostics: Diagnostic[] = []
  const read = (flag: string, texts: readonly string[] | undefined): Selection | undefined => {
    if (texts === undefined || texts.length === 0) return undefined
    const file = project.files.add(new SourceFile(`<${flag}>`, texts.join(' ')))
    const span = { path: file.path, start: 0, end: file.text.length }
    const parsed = parseSelection({ text: file.text, span, exact: true })
    diagnostics.push(...parsed.diagnostics)
    return parsed.selection
  }
  const saved = new SavedSelectors(project.selectors ?? [])
  const plain = isEmpty(request.select) && isEmpty(request.exclude)
  const standard = request.selector === undefined && plain ? saved.standard : undefined
  const named = request.selector ?? standard?.name
  if (request.selector !== undefined && !plain)
    diagnostics.push(selectionIgnored({ flag: isEmpty(request.select) ? '--exclude' : '--select' }))
  const included = named === undefined ? read('--select', request.select) : savedSelection(project, named)
  const excluded = named === undefined ? read('--exclude', request.exclude) : undefined
  let ids: ReadonlySet<string> = new Set(graph.order)
  if (included !== undefined || excluded !== undefined) {
    const index = new NodeIndex(graph, project, request.earlier)
    const evaluate = (selection: Selection) => {
      const result = evaluateSelection(selection, index, { indirect: request.indirectSelection ?? 'eager', saved })
      diagnostics.push(...result.diagnostics)
      return result.ids
    }
    if (included === undefined) ids = subtract(ids, evaluate(excluded!))
    else ids = evaluate(excluded === undefined ? included : { kind: 'difference', from: included, without: excluded })
  }
  const kept = filterTypes(graph, ids, request, diagnostics)
  if (kept.size === 0 && diagnostics.length === 0 && graph.nodes.size > 0) {
    const found = [...new Set([...ids].map((id) => `${graph.nodes.get(id)!.resourceType}s`))].sort()
    const wanted = (request.resourceTypes ?? ['nodes']).map((type) => (type === 'nodes' ? type : `${type}s`))
    diagnostics.push(selectionEmpty({ found, wanted }))
  }
  return { ids: kept, diagnostics, standard: standard?.name }
}

function isEmpty(texts: readonly string[] | undefined): boolean {
  return texts === undefined || texts.length === 0
}

/** A whole saved selector, as `--selector` names it. */
function savedSelection({ files }: SelectionProject, name: string): Selection {
  const { path } = files.add(new SourceFile('<--selector>', name))
  const span = { path, start: 0, end: name.length }
  return {
    kind: 'criterion',
    method: 'selector',
    arguments: [],
    value: name,
    childrensParents: false,
    parents: 0,
    children: 0,
    span,
    valueSpan: span,
  }
}

/** dbt's words for every type; it leaves analyses out of `default`. */
const everything: ReadonlySet<string> = new Set(['all', 'default'])

function filterTypes(
  graph: Graph,
  ids: ReadonlySet<string>,
  request: SelectionRequest,
  diagnostics: Diagnostic[],
): ReadonlySet<string> {
  const { resourceTypes, excludeResourceTypes } = request
  for (const type of [...(resourceTypes ?? []), ...(excludeResourceTypes ?? [])]) {
    if (everything.has(type) || knownTypes.includes(type)) continue
    const hint =
      didYouMean(type, [...knownTypes, ...everything]) ?? `one of ${knownTypes.map((t) => `\`${t}\``).join(', ')}`
    diagnostics.push(selectorValue({ message: `\`${type}\` is no resource type`, hint }))
  }
  const keep =
    resourceTypes === undefined || resourceTypes.length === 0 || resourceTypes.some((type) => everything.has(type))
  const wanted = keep ? undefined : new Set(resourceTypes)
  const unwanted = new Set(excludeResourceTypes ?? [])
  const unwantedAll = [...unwanted].some((type) => everything.has(type))
  if (wanted === undefined && unwanted.size === 0) return ids
  const kept = new Set<string>()
  for (const id of ids) {
    const type = graph.nodes.get(id)!.resourceType
    if ((wanted === undefined || wanted.has(type)) && !unwanted.has(type) && !unwantedAll) kept.add(id)
  }
  return kept
}
