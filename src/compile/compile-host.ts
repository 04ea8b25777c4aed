import type { ResultColumn } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { faultWords } from '../base/fault-words.ts'
import { isSecretVariable } from '../base/scrub.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { NodeRelation } from '../project/resource.ts'
import {
  type CallSite,
  type FunctionCall,
  QueryNeeded,
  type QueryRow,
  type RefCall,
  type SourceCall,
  type TemplateHost,
} from '../template/host.ts'
import { type Dict, TextObject, type Value } from '../template/value.ts'
import type { Introspection } from './compiler.ts'
import * as errors from './errors.ts'
import { type IntrospectionAnswers, relationOf } from './introspection-answers.ts'

/** What stays the same for all nodes of a run. */
export interface CompileContext {
  readonly engine: string
  readonly dialect: Dialect
  readonly target: Dict
  /** A variable as the package sees it whose node is compiled. */
  readonly variable: (name: string, packageName: string) => Value | undefined
  readonly variableNames: (packageName: string) => readonly string[]
  /** Variables of the project's files alone, as unit tests see them. */
  readonly declaredVars: (packageName: string) => { readonly [name: string]: ConfigValue }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (level: 'warning' | 'info', text: string, site: CallSite) => void
}

/** One evaluation: which node, and what its names mean. */
export interface HostRequest {
  readonly nodeName: string
  readonly packageName: string
  readonly this: Value | undefined
  readonly incremental: boolean
  readonly introspection: Introspection | null
  readonly answers: IntrospectionAnswers
  /** The value of a reference, or undefined when the DAG has no such edge. */
  readonly reference: (call: RefCall) => Value | undefined
  readonly sourceReference: (call: SourceCall) => Value | undefined
  readonly functionReference: (call: FunctionCall) => Value | undefined
  readonly globals?: Dict | undefined
  /** Text that goes to the warehouse while compiling: markers become SQL. */
  readonly finishText: (text: string) => string
  readonly warnings: Diagnostic[]
}

/**
 * A relation as templates see it. `published` is its name for readers, also while it stands elsewhere: the one to use
 * when a name becomes data.
 */
export function relationValue(
  dialect: Dialect,
  relation: NodeRelation,
  published: NodeRelation = relation,
  text = dialect.relation(relation),
): TextObject {
  return new TextObject(text, { ...relation, name: published.identifier, published: dialect.relation(published) })
}

export function createCompileHost(context: CompileContext, request: HostRequest): TemplateHost {
  const { dialect } = context
  return {
    engine: context.engine,
    packageName: request.packageName,
    this: request.this,
    target: context.target,
    globals: request.globals,
    ref: (call, site) => request.reference(call) ?? undeclared(request.nodeName, call.name, site),
    source: (call, site) =>
      request.sourceReference(call) ?? undeclared(request.nodeName, `${call.source}.${call.table}`, site),
    function: (call, site) => request.functionReference(call) ?? undeclared(request.nodeName, call.name, site),
    isIncremental: () => request.incremental,
    variable: (name) => context.variable(name, request.packageName),
    variableNames: () => context.variableNames(request.packageName),
    environment: (name, site) => {
      if (isSecretVariable(name)) throw new UserError(errors.secretOutsideProfiles({ name }, site))
      return context.env[name]
    },
    query: (sql, site) => ask(request, { kind: 'query', sql: request.finishText(sql) }, site)?.rows,
    columnsOf: (relation, site) => {
      if (relationOf(relation) === undefined)
        throw new UserError(errors.notARelation({ what: describe(relation) }, site))
      const answer = ask(request, { kind: 'columns', relation }, site)
      if (answer?.columns?.length === 0)
        throw new UserError(errors.relationMissing({ relation: (relation as TextObject).text }, site))
      return answer?.columns?.map((column) => column.name)
    },
    say: (level, text, site) => {
      if (level === 'warning')
        request.warnings.push(errors.templateWarning({ text }, { span: site.span, frames: site.frames }))
      else context.say(level, text, site)
    },
    literal: (value) =>
      dialect.literal(value instanceof TextObject ? value.text : (value as Parameters<Dialect['literal']>[0])),
    identifier: (name) => dialect.identifier(name),
  }
}

function undeclared(node: string, name: string, site: CallSite): never {
  throw new UserError(errors.undeclaredReference({ node, name }, site))
}

function ask(
  request: HostRequest,
  question: QueryNeeded['request'],
  site: CallSite,
): { rows?: readonly QueryRow[]; columns?: readonly ResultColumn[] } | undefined {
  if (request.introspection === null) return undefined
  const answer = request.answers.get(question)
  if (answer === undefined) throw new QueryNeeded(question)
  if ('failure' in answer) {
    const sql = question.kind === 'query' ? question.sql : `columns of ${describe(question.relation)}`
    const { fault } = answer.failure
    const cause = faultWords(fault).message
    throw new UserError(errors.queryFailed({ sql, node: request.nodeName, fault }, { ...site, cause }))
  }
  return answer
}

function describe(value: Value): string {
  if (value instanceof TextObject) return value.text
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
}
