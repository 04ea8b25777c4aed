import type { Each, If, Program, Statement } from './ast.ts'
import { unknownConfigValue } from './errors.ts'
import { type StaticContext, type StaticLoop, setVariable, staticSite } from './static-context.ts'
import { combined, known, poisoned, type StaticValue, unknown } from './static-value.ts'
import { isDict, isList, sameValue, type Value } from './value.ts'
import { type CallWalker, walkExpression } from './walk-expression.ts'

/** Turns of static lists that one analysis follows item by item. */
export const staticTurns = 10_000

export function walkProgram(program: Program, context: StaticContext, walkCall: CallWalker): void {
  for (const statement of program.body) walkStatement(statement, context, walkCall)
}

function walkStatement(node: Statement, context: StaticContext, walkCall: CallWalker): void {
  switch (node.type) {
    case 'content':
      return
    case 'output':
      walkExpression(node.expression, context, walkCall)
      return
    case 'set':
      for (const { key, value } of node.entries) setVariable(context, key, walkExpression(value, context, walkCall))
      return
    case 'push': {
      const value = walkExpression(node.value, context, walkCall)
      const list = walkExpression(node.list, context, walkCall)
      const longer = combined([list, value], ([xs, x]) => (isList(xs) ? [...xs, x!] : null))
      setVariable(context, node.list.name, longer)
      return
    }
    case 'capture': {
      walkProgram(node.body, context, walkCall)
      setVariable(context, node.name, unknown)
      return
    }
    case 'return': {
      const value = walkExpression(node.value, context, walkCall)
      const isOnly = context.returned === undefined && context.nesting === 0
      context.returned = isOnly
        ? value
        : { ...unknown, dependent: value.dependent || (context.returned?.dependent ?? false) }
      if (context.mode === 'summary' && value.dependent) context.dependent = true
      return
    }
    case 'config':
      return walkConfig(node.entries, context, walkCall)
    case 'if':
      return walkIf(node, context, walkCall)
    case 'each':
      return walkEach(node, context, walkCall)
  }
}

function walkConfig(
  entries: Extract<Statement, { type: 'config' }>['entries'],
  context: StaticContext,
  walkCall: CallWalker,
): void {
  for (const { key, keyStart, keyEnd, value } of entries) {
    const folded = walkExpression(value, context, walkCall)
    const valueSite = staticSite(context, value)
    if (context.mode === 'summary' && folded.dependent) context.dependent = true
    else if (folded.value !== undefined) {
      const keySpan = staticSite(context, { start: keyStart, end: keyEnd }).span
      context.findings.entry({ key, value: folded.value, keySpan, valueSpan: valueSite.span })
    } else if (!folded.quiet && (context.mode !== 'call' || folded.dependent)) {
      const causes = folded.cause ?? [unknownConfigValue({ key }, valueSite)]
      for (const cause of causes) context.findings.report(cause)
    }
  }
}

/** What a variable is where several ways meet: known when all ways agree. */
function merged(ways: readonly ReadonlyMap<string, StaticValue>[]): ReadonlyMap<string, StaticValue> {
  const [first, ...others] = ways
  if (first === undefined || others.every((way) => way === first)) return first ?? new Map()
  const result = new Map<string, StaticValue>()
  for (const way of ways) {
    for (const [name, value] of way) {
      const before = result.get(name)
      result.set(name, before === undefined ? value : agreed(before, value))
    }
  }
  return result
}

function agreed(a: StaticValue, b: StaticValue): StaticValue {
  if (a === b) return a
  const dependent = a.dependent || b.dependent
  if (a.value !== undefined && b.value !== undefined && sameValue(a.value, b.value)) return { ...a, dependent }
  return { ...unknown, dependent, quiet: a.quiet && b.quiet }
}

function walkIf(node: If, context: StaticContext, walkCall: CallWalker): void {
  const ways: ReadonlyMap<string, StaticValue>[] = []
  const before = context.variables
  context.nesting++
  for (const branch of node.branches) {
    context.variables = before
    walkExpression(branch.test, context, walkCall)
    walkProgram(branch.body, context, walkCall)
    ways.push(context.variables)
  }
  context.variables = before
  if (node.otherwise !== undefined) walkProgram(node.otherwise, context, walkCall)
  ways.push(context.variables)
  context.nesting--
  context.variables = merged(ways)
}

const assignedIn = new WeakMap<Program, ReadonlySet<string>>()

/** Names that a body sets, however deep. */
function assignedNames(program: Program): ReadonlySet<string> {
  const known = assignedIn.get(program)
  if (known !== undefined) return known
  const names = new Set<string>()
  const addAll = (inner: Program | undefined): void => {
    if (inner !== undefined) for (const name of assignedNames(inner)) names.add(name)
  }
  for (const node of program.body) {
    if (node.type === 'set') for (const entry of node.entries) names.add(entry.key)
    else if (node.type === 'push') names.add(node.list.name)
    else if (node.type === 'capture') {
      names.add(node.name)
      addAll(node.body)
    } else if (node.type === 'if') {
      for (const branch of node.branches) addAll(branch.body)
      addAll(node.otherwise)
    } else if (node.type === 'each') {
      addAll(node.body)
      addAll(node.otherwise)
    }
  }
  assignedIn.set(program, names)
  return names
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  if (isList(value)) return value.map((item, i) => [i, item])
  if (isDict(value)) return Object.entries(value)
  return value === null ? [] : undefined
}

function walkEach(node: Each, context: StaticContext, walkCall: CallWalker): void {
  const list = walkExpression(node.list, context, walkCall)
  if (node.separator !== undefined) walkExpression(node.separator, context, walkCall)
  const entries = list.value === undefined ? undefined : entriesOf(list.value)
  const outer = context.loop
  const before = context.variables
  const { budget } = context
  context.nesting++
  for (const name of assignedNames(node.body)) if (!context.variables.has(name)) setVariable(context, name, poisoned)
  if (entries !== undefined && entries.length > 0 && entries.length <= budget.turns && isWorthTurns(node.body)) {
    budget.turns -= entries.length
    for (let i = 0; i < entries.length; i++) {
      const [key, item] = entries[i]!
      const from = (value: Value): StaticValue => ({ ...list, value })
      const parts = { item: from(item), key: from(key), index: known(i, list.dependent) }
      context.loop = { outer, parameters: node.parameters, ...parts, count: entries.length }
      walkProgram(node.body, context, walkCall)
    }
  } else {
    // Of an empty list no turn ever happens: its items are no mistake.
    const item: StaticValue =
      list.value === undefined
        ? list
        : entries?.length === 0
          ? { ...poisoned, dependent: list.dependent }
          : { ...unknown, dependent: list.dependent }
    for (const name of assignedNames(node.body))
      setVariable(context, name, { ...unknown, dependent: item.dependent, quiet: item.quiet })
    const loop: StaticLoop = { outer, parameters: node.parameters, item, key: item, index: item, count: undefined }
    context.loop = loop
    walkProgram(node.body, context, walkCall)
  }
  context.loop = outer
  const after = context.variables
  context.variables = before
  if (node.otherwise !== undefined) walkProgram(node.otherwise, context, walkCall)
  context.nesting--
  context.variables = entries !== undefined && entries.length > 0 ? after : merged([after, context.variables])
}

const worth = new WeakMap<Program, boolean>()

/** True when something in the body could be found by following the items: any call, or a variable that is set. */
function isWorthTurns(program: Program): boolean {
  const remembered = worth.get(program)
  if (remembered !== undefined) return remembered
  const found = program.body.some((node) => {
    if (node.type === 'content') return false
    if (node.type !== 'output') return true
    return node.expression.type === 'call' || node.expression.type === 'name'
  })
  worth.set(program, found)
  return found
}
