/** An object of TMDL, the text form of Power BI's models: its line, its properties, what it holds. */
export interface TmdlObject {
  /** `table`, `column`, `measure` … */
  readonly type: string
  readonly name: string | null
  /** What stands behind `=` on its line: an expression, or a word such as `m`. */
  readonly value?: string | undefined
  readonly description?: string | undefined
  readonly properties?: readonly TmdlProperty[] | undefined
  readonly children?: readonly TmdlObject[] | undefined
  readonly annotations?: readonly (readonly [name: string, value: string])[] | undefined
}

export type TmdlProperty =
  /** Free text. */
  | { readonly key: string; readonly text: string }
  /** A word, a number, a reference, written as it is. */
  | { readonly key: string; readonly word: string }
  /** True when it stands there. */
  | { readonly key: string; readonly flag: true }
  | { readonly key: string; readonly expression: string }
  /** True ones below a common word. */
  | { readonly key: string; readonly flags: readonly string[] }

/** The text of a file, as Microsoft's own serializer writes it: saving it in Power BI changes nothing but what was changed. */
export function tmdlFile(objects: readonly TmdlObject[]): string {
  return objects
    .map((object, i) => {
      const isRow = object.type.startsWith('ref ') && objects[i + 1]?.type === object.type
      return `${written(object, 0).join('\n')}\n${isRow ? '' : '\n'}`
    })
    .join('')
}

/** A name as TMDL takes it: in single quotes where it holds what ends a name. */
export function tmdlName(name: string): string {
  return /^[^\s.=:']+$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`
}

/** A column of a table, as properties refer to it. */
export function tmdlColumn(table: string, column: string): string {
  return `${tmdlName(table)}.${tmdlName(column)}`
}

function written(object: TmdlObject, depth: number): readonly string[] {
  const indent = '\t'.repeat(depth)
  const head = object.name === null ? object.type : `${object.type} ${tmdlName(object.name)}`
  const lines = described(object.description).map((line) => `${indent}${line}`)
  lines.push(...assigned(`${indent}${head}`, object.value, depth))
  for (const property of object.properties ?? []) lines.push(...propertyLines(property, depth + 1))
  for (const child of object.children ?? []) lines.push('', ...written(child, depth + 1))
  for (const [name, value] of object.annotations ?? []) lines.push('', `${indent}\tannotation ${name} = ${value}`)
  return lines
}

function described(text: string | undefined): readonly string[] {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? [] : linesOf(trimmed).map((line) => `/// ${line.trimStart()}`)
}

function propertyLines(property: TmdlProperty, depth: number): readonly string[] {
  const head = `${'\t'.repeat(depth)}${property.key}`
  if ('flag' in property) return [head]
  if ('word' in property) return [`${head}: ${property.word}`]
  if ('text' in property) return [`${head}: ${textValue(property.text)}`]
  if ('flags' in property) return [head, ...property.flags.map((name) => `${'\t'.repeat(depth + 1)}${name}`)]
  return assigned(head, property.expression, depth)
}

/** `head = value`; a value of several lines stands below, two steps deeper than what has it. */
function assigned(head: string, value: string | undefined, depth: number): readonly string[] {
  if (value === undefined) return [head]
  const lines = linesOf(value.trim())
  if (lines.length === 1) return [`${head} = ${lines[0]}`]
  const indent = '\t'.repeat(depth + 2)
  return [`${head} =`, ...lines.map((line) => `${indent}${line}`)]
}

/** Free text needs quotes where its ends would be lost, or be taken for the quotes around it. */
function textValue(text: string): string {
  const line = text.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  return line.trim() === line && !/^(".*"$|```)/.test(line) ? line : `"${line.replaceAll('"', '""')}"`
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trimEnd())
}
