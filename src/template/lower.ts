import type { Argument, Branch, Content, Each, Expression, If, Program, Statement } from './ast.ts'
import { lowerDefinition } from './definitions.ts'
import { invalidDefinition, invalidStatement, mismatchedBlock, partialSyntax, tooDeep, unknownBlock } from './errors.ts'
import { nestingLimit } from './lexer.ts'
import { type Lowering, lowerExpression, lowerNamed, place, plainName, report, sourceText } from './lower-expression.ts'
import type { RawBlock, RawContent, RawMustache, RawProgram, RawStatement } from './syntax-tree.ts'

/** The blocks of the language, for suggestions. */
const blockNames: readonly string[] = ['if', 'unless', 'each', 'capture']

function lowerContent(at: Lowering, raw: RawContent): Content | undefined {
  const begin = raw.loc.start - at.base
  const stop = begin + raw.value.length
  const start = Math.min(at.cutFrom.get(begin) ?? begin, stop)
  const end = Math.max(at.cutTo.get(stop) ?? stop, start)
  if (start >= end) return undefined
  return { type: 'content', text: at.text.slice(start, end), start: start + at.base, end: end + at.base }
}

export function lowerProgram(at: Lowering, raw: RawProgram): Program {
  const body: Statement[] = []
  if (at.depth > nestingLimit) {
    const first = raw.body[0]
    if (first !== undefined) report(at, tooDeep({ limit: nestingLimit }, place(at, first.loc)))
    return { body }
  }
  at.depth++
  for (const statement of raw.body) {
    const lowered = lowerStatement(at, statement)
    if (lowered !== undefined) body.push(lowered)
  }
  at.depth--
  return { body }
}

function lowerStatement(at: Lowering, raw: RawStatement): Statement | undefined {
  switch (raw.type) {
    case 'ContentStatement':
      return lowerContent(at, raw)
    case 'CommentStatement':
      return undefined
    case 'PartialStatement':
      report(at, partialSyntax({ name: sourceText(at, raw.name.loc) }, place(at, raw.loc)))
      return undefined
    case 'MustacheStatement':
      return lowerMustache(at, raw)
    default:
      return lowerBlock(at, raw)
  }
}

function lowerMustache(at: Lowering, raw: RawMustache): Statement | undefined {
  const { start, end } = raw.loc
  const name = plainName(raw.path)
  if (raw.decorator) {
    const message = `\`{{*${name ?? ''}}}\` means nothing here`
    report(
      at,
      invalidDefinition({ message, hint: 'a macro is defined by `{{#*macro name}}…{{/macro}}`' }, place(at, raw.loc)),
    )
    return undefined
  }
  const bare = raw.params.length === 0 && raw.hash === undefined
  if (!bare) {
    if (name === 'set' || name === 'config') return lowerEntries(at, raw, name)
    if (name === 'push') return lowerPush(at, raw)
    if (name === 'return') return lowerReturn(at, raw)
  }
  return { type: 'output', expression: lowerExpression(at, raw), start, end }
}

function lowerEntries(at: Lowering, raw: RawMustache, name: 'set' | 'config'): Statement | undefined {
  const { start, end } = raw.loc
  const form = name === 'set' ? '{{set name=value}}' : '{{config key=value}}'
  const stray = raw.params[0]
  if (stray !== undefined) {
    const message = `\`${name}\` takes named values only`
    report(at, invalidStatement({ message, hint: `write \`${form}\`` }, place(at, stray.loc)))
    return undefined
  }
  const entries: readonly Argument[] = lowerNamed(at, raw.hash)
  return name === 'set' ? { type: 'set', entries, start, end } : { type: 'config', entries, start, end }
}

function lowerPush(at: Lowering, raw: RawMustache): Statement | undefined {
  const [target, value, extra] = raw.params
  const list = target === undefined ? undefined : lowerExpression(at, target)
  if (
    list?.type !== 'name' ||
    list.parts.length > 0 ||
    value === undefined ||
    extra !== undefined ||
    raw.hash !== undefined
  ) {
    const message = '`push` takes the name of a list and one value'
    report(
      at,
      invalidStatement({ message, hint: 'write `{{push xs value}}`, after `{{set xs=(list)}}`' }, place(at, raw.loc)),
    )
    return undefined
  }
  return { type: 'push', list, value: lowerExpression(at, value), start: raw.loc.start, end: raw.loc.end }
}

function lowerReturn(at: Lowering, raw: RawMustache): Statement | undefined {
  const [value, extra] = raw.params
  if (at.inside === undefined || value === undefined || extra !== undefined || raw.hash !== undefined) {
    const message = at.inside === undefined ? '`return` stands outside of a macro' : '`return` takes one value'
    report(
      at,
      invalidStatement({ message, hint: 'write `{{return value}}` in the body of a macro' }, place(at, raw.loc)),
    )
    return undefined
  }
  return { type: 'return', value: lowerExpression(at, value), start: raw.loc.start, end: raw.loc.end }
}

function checkClose(at: Lowering, raw: RawBlock, name: string): void {
  if (raw.closePath === undefined || at.mismatched) return
  const close = plainName(raw.closePath) ?? sourceText(at, raw.closePath.loc)
  if (close === name) return
  at.mismatched = true
  const labels = [{ span: place(at, raw.path.loc).span, text: 'opened here' }]
  report(at, mismatchedBlock({ name: close, open: name }, { ...place(at, raw.closePath.loc), labels }))
}

function lowerBlock(at: Lowering, raw: RawBlock): Statement | undefined {
  const name = plainName(raw.path) ?? sourceText(at, raw.path.loc)
  const lowered = lowerNamedBlock(at, raw, name)
  // After the body, so that of crossed tags the first in the text is reported.
  checkClose(at, raw, name)
  return lowered
}

function lowerNamedBlock(at: Lowering, raw: RawBlock, name: string): Statement | undefined {
  if (raw.kind === 'decorator') {
    lowerDefinition(at, raw, name, lowerProgram)
    return undefined
  }
  if (raw.kind === 'partial') {
    report(at, partialSyntax({ name }, place(at, raw.path.loc)))
    return undefined
  }
  if (raw.kind === 'raw' && name === 'raw') return lowerRaw(at, raw)
  if (raw.kind === 'block') {
    if (name === 'if' || name === 'unless') return lowerIf(at, raw)
    if (name === 'each' && !raw.inverted) return lowerEach(at, raw)
    if (name === 'capture' && !raw.inverted) return lowerCapture(at, raw)
  }
  reportUnknownBlock(at, raw, name)
  return undefined
}

function reportUnknownBlock(at: Lowering, raw: RawBlock, name: string): void {
  const isStatement = ['set', 'push', 'return', 'config', 'ref', 'source'].includes(name)
  const hint =
    raw.kind === 'raw'
      ? 'the only raw block is `{{{{raw}}}}…{{{{/raw}}}}`'
      : name === 'macro' || name === 'test'
        ? `write \`{{#*${name} …}}\``
        : isStatement
          ? `write \`{{${name} …}}\`, which has no closing tag`
          : undefined
  report(at, unknownBlock({ name, blocks: blockNames, hint }, place(at, raw.path.loc)))
}

function lowerRaw(at: Lowering, raw: RawBlock): Statement | undefined {
  const first = raw.program.body[0]
  const last = raw.program.body.at(-1)
  if (first === undefined || last === undefined) return undefined
  const { start } = first.loc
  const { end } = last.loc
  return { type: 'content', text: at.text.slice(start - at.base, end - at.base), start, end }
}

/** The single positional argument that `if`, `unless` and `each` take. */
function subject(at: Lowering, raw: RawBlock, name: string, allowed: readonly string[]): Expression | undefined {
  const [value, extra] = raw.params
  const stray = raw.hash?.pairs.find((pair) => !allowed.includes(pair.key))
  if (value === undefined) {
    report(
      at,
      invalidStatement(
        { message: `\`${name}\` needs a value`, hint: `write \`{{#${name} value}}\`` },
        place(at, raw.path.loc),
      ),
    )
    return undefined
  }
  if (extra !== undefined || stray !== undefined) {
    const hint =
      name === 'each'
        ? 'write `{{#each xs sep=", " as |x i|}}`'
        : `write \`{{#${name} (f x)}}\` for the result of a call`
    const where = (extra ?? stray!).loc
    report(at, invalidStatement({ message: `\`${name}\` takes one value`, hint }, place(at, where)))
    return undefined
  }
  return lowerExpression(at, value)
}

function lowerIf(at: Lowering, raw: RawBlock): If | undefined {
  const branches: Branch[] = []
  let current = raw
  for (;;) {
    const name = plainName(current.path)!
    const test = subject(at, current, name, [])
    const program: Program = lowerProgram(at, current.program)
    const negated = (name === 'unless') !== current.inverted
    if (test !== undefined) branches.push({ test, negated, body: program })
    const next = current.inverse
    const chained = next?.chained === true ? next.body[0] : undefined
    const chainedName = chained?.type === 'BlockStatement' ? plainName(chained.path) : undefined
    if (chained?.type === 'BlockStatement' && (chainedName === 'if' || chainedName === 'unless')) {
      current = chained
      continue
    }
    const otherwise = next === undefined ? undefined : lowerProgram(at, next)
    return { type: 'if', branches, otherwise, start: raw.loc.start, end: raw.loc.end }
  }
}

function lowerEach(at: Lowering, raw: RawBlock): Each | undefined {
  const list = subject(at, raw, 'each', ['sep'])
  const separator = raw.hash?.pairs.find((pair) => pair.key === 'sep')
  if (raw.blockParams.length > 2) {
    const message = '`each` names an item and its index: `as |x i|`'
    report(at, invalidStatement({ message }, place(at, raw.path.loc)))
  }
  const body = lowerProgram(at, raw.program)
  const otherwise = raw.inverse === undefined ? undefined : lowerProgram(at, raw.inverse)
  if (list === undefined) return undefined
  return {
    type: 'each',
    list,
    separator: separator === undefined ? undefined : lowerExpression(at, separator.value),
    parameters: raw.blockParams,
    body,
    otherwise,
    start: raw.loc.start,
    end: raw.loc.end,
  }
}

function lowerCapture(at: Lowering, raw: RawBlock): Statement | undefined {
  const [name, extra] = raw.params
  const body = lowerProgram(at, raw.program)
  if (name?.type !== 'StringLiteral' || extra !== undefined || raw.hash !== undefined || raw.inverse !== undefined) {
    const message = '`capture` takes one name, as text, and has no `else`'
    report(at, invalidStatement({ message, hint: 'write `{{#capture "name"}}…{{/capture}}`' }, place(at, raw.path.loc)))
    return undefined
  }
  return { type: 'capture', name: String(name.value), body, start: raw.loc.start, end: raw.loc.end }
}
