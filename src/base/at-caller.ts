import type { Place } from './diagnostic.ts'

/** Texts that come with tsdbt have paths that begin so. */
const builtInPath = '<tsdbt>'

/**
 * The same place, seen from the project: a mistake that shows inside a built-in macro was made where the project calls
 * it. Places in the project's own files stay as they are.
 */
export function atCaller<P extends Place>(place: P): P {
  const { span, frames = [] } = place
  if (span === undefined || !span.path.startsWith(builtInPath)) return place
  const caller = frames.findIndex((frame) => !frame.span.path.startsWith(builtInPath))
  if (caller === -1) return place
  const { macro, span: call } = frames[caller]!
  return {
    ...place,
    span: call,
    frames: frames.slice(caller + 1),
    notes: [...(place.notes ?? []), `this happened in the built-in macro \`${macro}\``],
  }
}
