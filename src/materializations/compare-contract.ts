import type { ResultColumn } from '../adapters/adapter.ts'
import type { ContractColumn } from './contract.ts'

/** How one column differs from its contract. Null stands for what is not there. */
export interface ContractFault {
  readonly name: string
  readonly declared: string | null
  readonly actual: string | null
  readonly what: 'missing in the query' | 'not declared' | 'type differs' | 'twice in the query'
  readonly column: ContractColumn | null
}

export interface ContractRules {
  readonly ignoresCase: boolean
  readonly comparableType: (type: string) => string
}

/** A declared column and its type in the engine's words. */
export interface TypedColumn {
  readonly column: ContractColumn
  readonly type: string
}

/** Where the columns of a query differ from those declared, whatever their order. */
export function compareContract(
  declared: readonly TypedColumn[],
  actual: readonly ResultColumn[],
  rules: ContractRules,
): readonly ContractFault[] {
  const fold = (name: string): string => (rules.ignoresCase ? name.toLowerCase() : name)
  const faults: ContractFault[] = []
  for (const { column, type } of declared) {
    const found = actual.filter((a) => fold(a.name) === fold(column.name))
    const [first] = found
    const fault = (what: ContractFault['what']): void => {
      faults.push({ name: column.name, declared: type, actual: first?.type ?? null, what, column })
    }
    if (first === undefined) fault('missing in the query')
    else if (found.length > 1) fault('twice in the query')
    else if (!sameType(column.type, type, first.type, rules)) fault('type differs')
  }
  const known = new Set(declared.map(({ column }) => fold(column.name)))
  for (const { name, type } of actual)
    if (!known.has(fold(name))) faults.push({ name, declared: null, actual: type, what: 'not declared', column: null })
  return faults
}

/** Length, precision and scale count where the contract writes them. */
function sameType(written: string, declared: string, actual: string, { comparableType }: ContractRules): boolean {
  const normal = written.includes('(') ? (type: string) => type : baseOf
  return comparableType(normal(declared)) === comparableType(normal(actual))
}

/** `numeric` of `numeric(18,2)`, `timestamp with time zone` of `timestamp(3) with time zone`. */
function baseOf(type: string): string {
  return type.replace(/\s*\([\d\s,]*\)/g, '')
}
