import type { Node } from '../../project/resource.ts'
import { fnmatch, hasWildcard } from './fnmatch.ts'
import type { SelectionMethod } from './method.ts'

/**
 * The exact name, or a dotted beginning of the fqn with or without the package. Wildcards are matched against the name
 * and the whole fqn (dbt: the fqn only, so that `stg_*` finds nothing in a subfolder).
 */
export const fqn: SelectionMethod = {
  match({ value }, index) {
    if (hasWildcard(value)) {
      const matches = fnmatch(value)
      return index.all.filter((node) => {
        if (node.resourceType === 'source') return false
        if (matches(node.name)) return true
        const dotted = node.fqn.join('.')
        return matches(dotted) || matches(dotted.slice(node.fqn[0]!.length + 1))
      })
    }
    return [...(index.byName.get(value) ?? []), ...(index.byPrefix.get(value) ?? [])]
  },
  candidates(_, index) {
    const names = index.all.filter((node) => node.resourceType !== 'source').map((node) => node.name)
    return [...names, ...index.all.flatMap((node) => node.fqn.slice(0, -1))]
  },
}

/** `source`, `source.table` or `package.source.table`, each with wildcards. */
export const source: SelectionMethod = {
  check: ({ value }) =>
    value.split('.').length <= 3
      ? undefined
      : {
          message: `\`${value}\` has too many parts`,
          hint: 'write `source:name`, `source:name.table` or `source:package.name.table`',
        },
  match({ value }, index) {
    const parts = value.split('.')
    const [table, name, packageName] =
      parts.length === 1 ? ['*', parts[0]!, '*'] : [parts.at(-1)!, parts.at(-2)!, parts.length === 3 ? parts[0]! : '*']
    const [matchesTable, matchesName, matchesPackage] = [fnmatch(table), fnmatch(name), fnmatch(packageName)]
    return index.sources.filter(
      (s) => matchesTable(s.name) && matchesName(s.sourceName) && matchesPackage(s.packageName),
    )
  },
  candidates({ value }, index) {
    return index.sources.map((s) => (value.includes('.') ? `${s.sourceName}.${s.name}` : s.sourceName))
  },
}

/** A kind of resource by `name` or `package.name`, with wildcards. */
function byKind(resourceType: Node['resourceType']): SelectionMethod {
  return {
    match({ value }, index) {
      const matches = fnmatch(value)
      return index.all.filter(
        (node) =>
          node.resourceType === resourceType && (matches(node.name) || matches(`${node.packageName}.${node.name}`)),
      )
    },
    candidates: (_, index) => index.all.filter((n) => n.resourceType === resourceType).map((n) => n.name),
  }
}

/** A saved selector, with wildcards. What it selects is the evaluation's business. */
export const selector: SelectionMethod = { match: () => [] }

export const exposure = byKind('exposure')
export const exportMethod = byKind('export')
export const functionMethod = byKind('function')
export const unitTest = byKind('unit_test')

export const tag: SelectionMethod = {
  match({ value }, index) {
    if (!hasWildcard(value)) return index.byTag.get(value) ?? []
    const matches = fnmatch(value)
    return [...index.byTag].flatMap(([name, nodes]) => (matches(name) ? nodes : []))
  },
  candidates: (_, index) => index.byTag.keys(),
}

/** A method that looks at one text of each node. */
function byText(textOf: (node: Node) => string | null | undefined): SelectionMethod {
  return {
    match({ value }, index) {
      const matches = fnmatch(value)
      return index.all.filter((node) => {
        const text = textOf(node)
        return text !== null && text !== undefined && matches(text)
      })
    },
    candidates: (_, index) => index.all.map(textOf).filter((text) => typeof text === 'string'),
  }
}

const byPackage = byText((node) => node.packageName)

export const packageMethod: SelectionMethod = {
  ...byPackage,
  match: (criterion, index) =>
    byPackage.match(criterion.value === 'this' ? { ...criterion, value: index.projectName } : criterion, index),
}

export const group = byText((node) => node.config.group)

export const testName = byText((node) => (node.resourceType === 'test' ? node.generic?.name : null))
