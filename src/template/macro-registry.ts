import type { MacroDefinition } from './template.ts'

/** All macros and generic tests a project can call, by name, with engine overrides and packages. */
export interface MacroRegistry {
  /** The definition that a call by `name` (or `package.name`) means on `engine`; project before package before built-in. */
  resolve(kind: 'macro' | 'test', name: string, engine: string, fromPackage: string): MacroDefinition | undefined
  /** Engines that define `name` when there is no plain definition, for the message. */
  enginesOf(kind: 'macro' | 'test', name: string): readonly string[]
  names(kind: 'macro' | 'test'): readonly string[]
  get(uniqueId: string): MacroDefinition | undefined
  all(): readonly MacroDefinition[]
}
