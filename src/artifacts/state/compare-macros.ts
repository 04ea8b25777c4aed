import { builtinPackage } from '../../template/builtins.ts'
import type { Change } from './change.ts'
import type { CurrentProject } from './current-project.ts'
import type { EarlierProject } from './earlier-project.ts'
import { firstDifference, lineDiff } from './line-diff.ts'
import { dictAt, listAt, plainText } from './state-entry.ts'

/**
 * Macros that a node may call, also through others, and whose text is another than before: those of the project, of
 * packages and of the built-in library, which changes with the version of tsdbt.
 * @param sameBody false where the node calls others because its own text changed, which is told there
 */
export function compareMacros(
  uniqueId: string,
  sameBody: boolean,
  current: CurrentProject,
  earlier: EarlierProject,
): readonly Change[] {
  const called = macrosOf(current.entry(uniqueId))
  const before = new Set(macrosOf(earlier.entries.get(uniqueId)))
  return called.flatMap((macro) => {
    const isBuiltIn = macro.startsWith(`macro.${builtinPackage}.`)
    if (isBuiltIn && earlier.byDbt !== null) return []
    const now = plainText(current.macroText(macro))
    const known = earlier.macroText(uniqueId, macro)
    if (known === undefined) return isBuiltIn && !sameBody ? [] : [change(uniqueId, macro, 'is new', [], current)]
    const old = plainText(known)
    if (now !== old)
      return [change(uniqueId, macro, `differs from line ${firstDifference(old, now)}`, lineDiff(old, now), current)]
    const isNewHere = sameBody && earlier.macrosAreComplete && !before.has(macro)
    return isNewHere ? [change(uniqueId, macro, 'is called now', [], current)] : []
  })
}

function macrosOf(entry: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return entry === undefined ? [] : listAt(dictAt(entry, 'depends_on'), 'macros').map(String)
}

function change(
  uniqueId: string,
  macro: string,
  what: string,
  lines: readonly string[],
  current: CurrentProject,
): Change {
  const chain = current.chain(uniqueId, macro)
  const way = chain.length > 1 ? `, through ${chain.slice(0, -1).map(nameOf).join(' -> ')}` : ''
  return { part: 'macros', text: `${nameOf(macro)} ${what}${way}`, lines, chain }
}

/** The name of a macro, without its package. */
function nameOf(macro: string): string {
  return macro.slice(macro.indexOf('.', macro.indexOf('.') + 1) + 1)
}
