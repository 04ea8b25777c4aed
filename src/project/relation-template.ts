import type { SourceFile } from '../base/source-file.ts'
import type { SnapshotRelation } from '../config/property-types.ts'
import type { Expression } from '../template/ast.ts'
import type { Template } from '../template/template.ts'

type Reference = SnapshotRelation['reference']

function argumentsOf(reference: Reference): readonly string[] {
  if (reference.kind === 'source') return [reference.source, reference.table]
  return reference.package === undefined ? [reference.name] : [reference.package, reference.name]
}

/** A reference of YAML as a template writes it. */
export function relationText(reference: Reference): string {
  const version = reference.kind === 'ref' && reference.version !== undefined ? ` v=${reference.version}` : ''
  return `{{${reference.kind} ${argumentsOf(reference)
    .map((name) => JSON.stringify(name))
    .join(' ')}${version}}}`
}

/** `select * from` the relation that YAML names. All of it stands where the file names the relation. */
export function relationTemplate({ reference, span }: SnapshotRelation, file: SourceFile): Template {
  const { start, end } = span
  const literal = (value: string | number): Expression => ({ type: 'literal', value, start, end })
  const version = reference.kind === 'ref' ? reference.version : undefined
  const expression: Expression = {
    type: 'call',
    name: reference.kind,
    nameStart: start,
    nameEnd: end,
    args: argumentsOf(reference).map(literal),
    named:
      version === undefined
        ? []
        : [
            {
              key: 'v',
              keyStart: start,
              keyEnd: end,
              value: literal(/^\d+$/.test(version) ? Number(version) : version),
            },
          ],
    start,
    end,
  }
  return {
    file,
    program: {
      body: [
        { type: 'content', text: 'select * from ', start, end },
        { type: 'output', expression, start, end },
      ],
    },
    definitions: [],
    definitionsOnly: false,
  }
}
