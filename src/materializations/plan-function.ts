import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { SqlFunction } from '../project/resource.ts'
import type { PlanContext } from './plan-input.ts'
import { rebindText } from './rebind-text.ts'
import { stagedRelation } from './staged-relation.ts'
import type { NodePlan } from './step.ts'

/**
 * Replaces a function in the transaction of its unit: what is tested on it, and views above it that are tested, are
 * audited there, and a failure leaves the old function.
 */
export function planFunction(node: SqlFunction, compiled: CompiledNode, context: PlanContext): NodePlan {
  const { dialect, suffix } = context
  const statements = dialect.createFunction({
    name: node.relation,
    arguments: node.arguments.map(({ name, dataType, typeSpan, defaultValue }) => {
      return { name, type: placed(dataType, typeSpan), defaultValue }
    }),
    returns: placed(node.returns.dataType, node.returns.typeSpan),
    volatility: node.config.volatility,
    // Relations of the unit may stand under staged names until they are published.
    body: rebindText(compiled.sql, context.renamings),
    aside: stagedRelation(node.relation, suffix, dialect).identifier,
  })
  return {
    uniqueId: node.uniqueId,
    materialized: 'function',
    inPlace: true,
    staged: null,
    build: [],
    publish: statements.map((sql) => ({ kind: 'statement', label: 'create function', sql })),
    clear: [],
    finish: [],
    after: [],
    cleanup: [],
  }
}

function placed(text: string, span: Span): MappedText {
  return new MappedTextBuilder().mapped(text, span, span.end - span.start === text.length).build()
}
