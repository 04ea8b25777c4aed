import { faultDiagnosticKind } from '../adapters/errors.ts'
import { atCaller } from '../base/at-caller.ts'
import type { Diagnostic, Place } from '../base/diagnostic.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import { type MappedText, originAt } from '../base/source-map.ts'
import type { Node, Operation } from '../project/resource.ts'

/** What a diagnostic of a failed statement needs to know besides the engine's fault. */
export interface FaultPlace {
  readonly node: Node | Operation
  /** The statement that failed; null when it is no text of the analyst's. */
  readonly statement: MappedText | null
  /** Compiled SQL to read on. */
  readonly see: string | undefined
  /** The view in whose definition the mistake is. */
  readonly view?: string | undefined
}

/**
 * Words what an engine said about a statement at the place in the analyst's file that its text came from, through macros
 * if need be. Without a position from the engine the file alone is named.
 */
export function databaseDiagnostic(error: DatabaseError, { node, statement, see, view }: FaultPlace): Diagnostic {
  const { fault } = error
  const place: Place = {
    node: node.uniqueId,
    ...placeOf(error, node, statement),
    ...(see === undefined ? {} : { see }),
    ...(view === undefined ? {} : { notes: [`the mistake is in the view \`${view}\`, which this reads`] }),
  }
  return faultDiagnosticKind(fault)(fault, atCaller(place))
}

function placeOf({ fault }: DatabaseError, node: Node | Operation, statement: MappedText | null): Place {
  const file = { span: { path: node.originalFilePath, start: 0, end: 0 } }
  if (statement === null || fault.offset === undefined) return file
  const inText = statement.segments.some((s) => s.start <= fault.offset! && fault.offset! < s.end)
  const origin = inText ? originAt(statement, fault.offset) : undefined
  if (origin === undefined) return file
  const { path, start, end } = origin.span
  const span = { path, start, end: Math.max(end, start === end ? start + (fault.length ?? 1) : end) }
  return origin.frames.length === 0 ? { span } : { span, frames: origin.frames }
}

/** Diagnostics of whatever a node's work threw; anything that is no mistake of the user's is thrown on. */
export function diagnosticsOf(error: unknown, place: FaultPlace): readonly Diagnostic[] {
  if (error instanceof UserError) {
    return error.diagnostics.map((d) => (d.node === undefined ? { ...d, node: place.node.uniqueId } : d))
  }
  if (error instanceof DatabaseError) return [databaseDiagnostic(error, place)]
  throw error
}
