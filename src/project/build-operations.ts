import { DEFAULT_CONFIG } from '../config/merge-config.ts'
import type { StatementText } from '../config/project-file.ts'
import { sha256 } from '../config/text-file.ts'
import type { LoadContext } from './load-context.ts'
import type { Operation } from './resource.ts'

/** The statements of `on-run-start` and `on-run-end`. Their references are resolved later, into `dependsOn`. */
export function buildOperations(context: LoadContext): readonly Operation[] {
  const { project } = context
  return [
    ...project.onRunStart.flatMap((s, i) => buildOperation(context, s, 'on-run-start', i) ?? []),
    ...project.onRunEnd.flatMap((s, i) => buildOperation(context, s, 'on-run-end', i) ?? []),
  ]
}

function buildOperation(
  context: LoadContext,
  statement: StatementText,
  when: Operation['when'],
  index: number,
): Operation | undefined {
  const { packageName, projectPath } = context
  const template = context.templates.parseStatement(statement)
  if (template === undefined) return undefined
  const name = `${packageName}-${when}-${index}`
  return {
    resourceType: 'operation',
    uniqueId: `operation.${packageName}.${name}`,
    name,
    packageName,
    path: `hooks/${name}.sql`,
    originalFilePath: projectPath,
    fqn: [packageName, 'hooks', name],
    description: '',
    span: statement.span,
    config: DEFAULT_CONFIG.model,
    unrenderedConfig: {},
    tags: [when],
    meta: {},
    columns: [],
    patchPath: null,
    dependsOn: [],
    checksum: sha256(Buffer.from(statement.text)),
    when,
    index,
    rawCode: statement.text,
    template,
    facts: context.templates.facts(template),
  }
}
