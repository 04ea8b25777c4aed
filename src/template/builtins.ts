import type { Builtin } from './builtin.ts'
import { collectionBuiltins } from './builtins-collections.ts'
import { operatorBuiltins } from './builtins-operators.ts'
import { projectBuiltins } from './builtins-project.ts'
import { textBuiltins } from './builtins-text.ts'

/** The functions of the language by name. What is written in the language itself is in the macro library. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [...operatorBuiltins, ...textBuiltins, ...collectionBuiltins, ...projectBuiltins].map((builtin) => [
    builtin.name,
    builtin,
  ]),
)

/** Names that the language gives a meaning besides its functions and macros. */
export const languageNames: readonly string[] = ['this', 'target', 'config', 'set', 'push', 'return']

/** The package of the built-in macro library; `tsdbt.name` always means the built-in. */
export const builtinPackage = 'tsdbt'

/** The built-in that `name` means, with or without `tsdbt.`. */
export function builtinOf(name: string): Builtin | undefined {
  const prefix = `${builtinPackage}.`
  return builtins.get(name.startsWith(prefix) ? name.slice(prefix.length) : name)
}
