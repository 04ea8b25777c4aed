import type { Cell, ResultColumn } from '../adapters/adapter.ts'
import { DatabaseError, InternalError } from '../base/errors.ts'
import type { NodeRelation } from '../project/resource.ts'
import { QueryNeeded, type QueryRow } from '../template/host.ts'
import { isDict, TextObject, type Value } from '../template/value.ts'
import type { Introspection } from './compiler.ts'

/** What the warehouse answered: rows, column names, or the failure, which is raised where the template asked. */
export type Answer =
  | { readonly rows: readonly QueryRow[] }
  | { readonly columns: readonly ResultColumn[] }
  | { readonly failure: DatabaseError }

/**
 * Answers that a template's evaluation has collected so far. Evaluation is synchronous: when an answer is missing it
 * stops with `QueryNeeded`, the answer is fetched, and evaluation starts again from the top.
 */
export class IntrospectionAnswers {
  readonly #answers = new Map<string, Answer>()

  get(request: QueryNeeded['request']): Answer | undefined {
    return this.#answers.get(requestKey(request))
  }

  async fetch(request: QueryNeeded['request'], introspection: Introspection): Promise<void> {
    this.#answers.set(requestKey(request), await ask(request, introspection))
  }
}

/** Evaluates `run` again and again until it needs no further answer. */
export async function evaluateWithAnswers<T>(
  introspection: Introspection | null,
  run: (answers: IntrospectionAnswers) => T,
): Promise<T> {
  const answers = new IntrospectionAnswers()
  for (;;) {
    try {
      return run(answers)
    } catch (error) {
      if (!(error instanceof QueryNeeded)) throw error
      if (introspection === null) throw new InternalError('a template asked the warehouse without a connection')
      await answers.fetch(error.request, introspection)
    }
  }
}

function requestKey(request: QueryNeeded['request']): string {
  if (request.kind === 'query') return `query ${request.sql}`
  return `columns ${request.relation instanceof TextObject ? request.relation.text : String(request.relation)}`
}

async function ask(request: QueryNeeded['request'], introspection: Introspection): Promise<Answer> {
  try {
    if (request.kind === 'columns') {
      const relation = relationOf(request.relation)
      if (relation === undefined) return { columns: [] }
      return { columns: await introspection.columnsOf(relation) }
    }
    const result = await introspection.query(request.sql)
    const names = result.columns.map((c) => c.name)
    return {
      rows: result.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, toValue(row[i] ?? null)]))),
    }
  } catch (error) {
    if (error instanceof DatabaseError) return { failure: error }
    throw error
  }
}

/** The parts of a relation value, or undefined when it is none. */
export function relationOf(value: Value): NodeRelation | undefined {
  if (!(value instanceof TextObject)) return undefined
  const { database, schema, identifier } = value.parts
  if (typeof database !== 'string' || typeof schema !== 'string' || typeof identifier !== 'string') return undefined
  return { database, schema, identifier }
}

/** Integers that a double cannot hold become text, so that no digit is lost. */
function toValue(cell: Cell): Value {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString()
  if (cell === null || typeof cell !== 'object') return cell
  if (Array.isArray(cell)) return cell.map((item: Cell) => toValue(item))
  const dict = Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, toValue(item as Cell)]))
  return isDict(dict) ? dict : null
}
