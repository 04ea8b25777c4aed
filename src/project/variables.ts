import type { ConfigValue } from '../config/node-config.ts'

type Vars = { readonly [name: string]: ConfigValue }

/** The value of a variable by its name, or by a dotted path into nested ones. A name with a dot in it wins. */
export function lookUpVariable(vars: Vars, name: string): ConfigValue | undefined {
  if (Object.hasOwn(vars, name)) return vars[name]
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  let value: ConfigValue | undefined = vars
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part))
      return undefined
    value = (value as Vars)[part]
  }
  return value
}

/** All names that `var` knows, nested ones with dots. */
export function variableNames(vars: Vars): readonly string[] {
  const names: string[] = []
  const visit = (part: Vars, prefix: string): void => {
    for (const [key, value] of Object.entries(part)) {
      names.push(prefix + key)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) visit(value as Vars, `${prefix}${key}.`)
    }
  }
  visit(vars, '')
  return names
}
