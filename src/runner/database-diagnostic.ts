import { faultDiagnosticKind } from '../adapters/errors.ts'
import { atCaller } from '../base/at-caller.ts'
import type { Diagnostic, Place } from '../base/diagnostic.ts'
import { DatabaseError, type DatabaseFault, UserError } from '../base/errors.ts'
import { type MappedText, originAt } from '../base/source-map.ts'
import type { Node, Operation } from '../project/resource.ts'

/** A text of the command line instead of a node. */
export interface InlineText {
  readonly resourceType: 'inline'
  readonly uniqueId: string
  readonly originalFilePath: string
  readonly dependsOn: readonly string[]
}

/** What a diagnostic of a failed statement needs to know besides the engine's fault. */
export interface FaultPlace {
  readonly node: Node | Operation | InlineText
  /** The statement that failed; null when it is no text of the analyst's. */
  readonly statement: MappedText | null
  /** Compiled SQL to read on. */
  readonly see: string | undefined
  /** The view in whose definition the mistake is. */
  readonly view?: string | undefined
  /** The columns among which a missing one was looked for. */
  readonly columns?: readonly string[] | undefined
}

/** A wider table's columns would hide the message. */
const shownColumns = 20

/**
 * Words what an engine said about a statement at the place in the analyst's file that its text came from, through macros
 * if need be. Without a position from the engine the file alone is named.
 */
export function databaseDiagnostic(
  error: DatabaseError,
  { node, statement, see, view, columns }: FaultPlace,
): Diagnostic {
  const { fault } = error
  const place: Place = {
    node: node.uniqueId,
    ...placeOf(error, node, statement, see === undefined),
    ...(see === undefined ? {} : { see }),
    ...notesOn(view ?? null, columns, whereAtFault(error, node, statement)),
  }
  const early = statement !== null && endsEarly(fault, statement)
  const kind = faultDiagnosticKind(fault)
  const step = notThere(error, node, statement)
  const meant = columns === undefined ? fault : { ...fault, candidates: columns }
  const said = kind(early ? { ...fault, message: 'syntax error at end of input' } : meant, atCaller(place))
  return step === undefined ? said : { ...said, hints: [step] }
}

/** The `where` of a test when the missing name stands in it: that text is not a place of the template. */
function whereAtFault({ fault }: DatabaseError, node: FaultPlace['node'], statement: MappedText | null): string | null {
  const { name, offset } = fault
  if (node.resourceType !== 'test' || node.config.where === null || name === undefined || offset === undefined)
    return null
  const exact = statement?.segments.some((s) => s.exact && s.start <= offset && offset < s.end) === true
  return !exact && node.config.where.toLowerCase().includes(name.toLowerCase()) ? node.config.where : null
}

function notesOn(
  view: string | null,
  columns: readonly string[] | undefined,
  where: string | null,
): Pick<Place, 'notes'> {
  const notes = where === null ? [] : [`the mistake is in the test's \`where\`: ${where}`]
  if (view !== null) return { notes: [`the mistake is in the view \`${view}\`, which this reads`] }
  if (columns === undefined) return notes.length === 0 ? {} : { notes }
  const shown = columns.slice(0, shownColumns).map((c) => `\`${c}\``)
  const rest = columns.length - shown.length
  return { notes: [...notes, `columns here: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`] }
}

/** A syntax error behind the analyst's text, in what tsdbt writes around it: the text itself is not complete. */
function endsEarly({ kind, offset }: DatabaseFault, { segments }: MappedText): boolean {
  const last = segments.at(-1)
  return kind === 'syntax' && last !== undefined && offset !== undefined && offset >= last.end
}

/** The next step when a relation that the template named (`ref`, `source`) is not in the database. */
function notThere(
  { fault }: DatabaseError,
  node: FaultPlace['node'],
  statement: MappedText | null,
): string | undefined {
  const { kind, offset, name } = fault
  if (statement === null || offset === undefined || name === undefined) return undefined
  if (kind !== 'table-missing' && kind !== 'schema-missing') return undefined
  const segment = statement.segments.find((s) => s.start <= offset && offset < s.end)
  if (segment === undefined || segment.exact) return undefined
  const names = relationNames(statement.text.slice(segment.start, segment.end))
  if (names === undefined) return undefined
  const table = names.at(-1)!
  if (node.resourceType === 'test')
    return `build \`${table}\` first, or leave this test out by \`--indirect-selection cautious\``
  const fromSource =
    node.resourceType === 'source' || node.dependsOn.some((id) => id.startsWith('source.') && id.endsWith(`.${table}`))
  return fromSource
    ? 'look at `schema` and `identifier` of the source, or load it first'
    : `it is not built in this target: \`tsdbt build --select +${node.resourceType === 'inline' ? table : node.name}\` builds it`
}

/** The parts of a quoted name with at least two of them, which is how `ref` and `source` write it. */
function relationNames(text: string): readonly string[] | undefined {
  if (!/^(?:"(?:[^"]|"")*"\.)+"(?:[^"]|"")*"$/.test(text)) return undefined
  return [...text.matchAll(/"((?:[^"]|"")*)"/g)].map((m) => m[1]!.replaceAll('""', '"'))
}

/** @param small the statement is a hook or a text of the command line: without a position from the engine it is named whole */
function placeOf(
  { fault: said }: DatabaseError,
  node: FaultPlace['node'],
  statement: MappedText | null,
  small: boolean,
): Place {
  const path = node.resourceType === 'inline' ? node.originalFilePath : node.span.path
  const file = { span: node.resourceType === 'export' ? node.span : { path, start: 0, end: 0 } }
  const first = small ? statement?.segments[0] : undefined
  const fault =
    said.offset === undefined && first !== undefined
      ? { ...said, offset: first.start, length: first.end - first.start }
      : said
  if (statement === null || fault.offset === undefined) return file
  const inText = statement.segments.some((s) => s.start <= fault.offset! && fault.offset! < s.end)
  const origin = inText || endsEarly(fault, statement) ? originAt(statement, fault.offset) : undefined
  if (origin === undefined) return file
  const { start, end } = origin.span
  const span = { ...origin.span, end: start === end ? start + lengthOf(fault, statement) : end }
  return origin.frames.length === 0 ? { span } : { span, frames: origin.frames }
}

/** Of the offending text, which ends with its line: an open quote reaches to the end of the statement. */
function lengthOf({ offset = 0, length = 1 }: DatabaseFault, { text }: MappedText): number {
  const line = text.slice(offset, offset + length).search(/[\r\n]/)
  return line > 0 ? line : length
}

/** Diagnostics of whatever a node's work threw; anything that is no mistake of the user's is thrown on. */
export function diagnosticsOf(error: unknown, place: FaultPlace): readonly Diagnostic[] {
  if (error instanceof UserError) {
    return error.diagnostics.map((d) => (d.node === undefined ? { ...d, node: place.node.uniqueId } : d))
  }
  if (error instanceof DatabaseError) return [databaseDiagnostic(error, place)]
  throw error
}
