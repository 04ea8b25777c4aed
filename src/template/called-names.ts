import type { Expression, Program, Statement } from './ast.ts'

/** Every name that a text may call or read, in order of appearance: macros, built-ins and variables alike. */
export function calledNames(program: Program): readonly string[] {
  const found = new Set<string>()
  visitProgram(program, found)
  return [...found]
}

function visitProgram(program: Program | undefined, found: Set<string>): void {
  for (const statement of program?.body ?? []) visitStatement(statement, found)
}

function visitStatement(statement: Statement, found: Set<string>): void {
  switch (statement.type) {
    case 'content':
      return
    case 'output':
      return visit(statement.expression, found)
    case 'if':
      for (const branch of statement.branches) {
        visit(branch.test, found)
        visitProgram(branch.body, found)
      }
      return visitProgram(statement.otherwise, found)
    case 'each':
      visit(statement.list, found)
      visit(statement.separator, found)
      visitProgram(statement.body, found)
      return visitProgram(statement.otherwise, found)
    case 'capture':
      return visitProgram(statement.body, found)
    case 'set':
    case 'config':
      for (const { value } of statement.entries) visit(value, found)
      return
    case 'push':
    case 'return':
      return visit(statement.value, found)
  }
}

function visit(expression: Expression | undefined, found: Set<string>): void {
  if (expression?.type === 'name') {
    found.add(expression.name)
    const [part] = expression.parts
    if (part !== undefined) found.add(`${expression.name}.${part}`)
  }
  if (expression?.type !== 'call') return
  found.add(expression.name)
  for (const argument of expression.args) visit(argument, found)
  for (const { value } of expression.named) visit(value, found)
}
