import { badFunctionName, defaultBeforeRequired, notOffered } from './errors.ts'
import type { FunctionArgumentEntry, FunctionEntry } from './property-types.ts'
import { configHint, readConfig } from './read-config.ts'
import { readDescription, readDocumented } from './read-description.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const KEYS = ['name', 'description', 'arguments', 'returns', 'overloads', 'config', 'docs', 'meta', 'tags'] as const
const ARGUMENT_KEYS = ['name', 'data_type', 'description', 'default_value'] as const

/** An entry of `functions:`. */
export function readFunction(reader: YamlReader, node: YamlNode): FunctionEntry | undefined {
  const map = reader.map(node, 'a function', KEYS, configHint('function'))
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a function', 'name: is_positive_int')
  if (name === undefined) return undefined
  const where = `the function \`${name}\``
  const overloads = entryOf(map, 'overloads')
  if (overloads !== undefined && !isNothing(overloads.value) && overloads.value.kind === 'list')
    if (overloads.value.items.length > 0)
      reader.report(
        notOffered(
          { what: `\`overloads\` of ${where}`, instead: 'write a function of another name for other arguments' },
          { span: reader.keySpan(overloads) },
        ),
      )
  const args = readArguments(reader, map, where)
  const returns = readReturns(reader, map, where)
  return {
    name,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    ...readDocumented(reader, map),
    arguments: args,
    returns,
    config: readConfig(reader, map, { where, resource: 'function', beside: ['docs', 'meta', 'tags'] }),
  }
}

function readArguments(reader: YamlReader, map: YamlMap, where: string): readonly FunctionArgumentEntry[] {
  const found: FunctionArgumentEntry[] = []
  for (const item of reader.list(entryOf(map, 'arguments')?.value, `\`arguments\` of ${where}`)) {
    const argument = readArgument(reader, item, where)
    if (argument === undefined) continue
    const before = found.at(-1)
    if (argument.defaultValue === null && before !== undefined && before.defaultValue !== null)
      reader.report(defaultBeforeRequired({ name: argument.name, before: before.name }, { span: argument.span }))
    found.push(argument)
  }
  return found
}

function readArgument(reader: YamlReader, node: YamlNode, where: string): FunctionArgumentEntry | undefined {
  const place = `an argument of ${where}`
  const map = reader.map(node, place, ARGUMENT_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', place, 'name: a_string')
  const dataType = reader.requiredText(map, 'data_type', place, 'data_type: text')
  if (name === undefined || dataType === undefined) return undefined
  const span = reader.span(entryOf(map, 'name')!.value)
  if (!/^[^\W\d]\w*$/.test(name)) return reader.report(badFunctionName({ what: place, name }, { span }))
  return {
    name,
    span,
    dataType,
    typeSpan: reader.span(entryOf(map, 'data_type')!.value),
    description: readDescription(reader, map),
    defaultValue: readDefault(reader, map),
  }
}

/** SQL text; a number or a boolean of YAML is one. */
function readDefault(reader: YamlReader, map: YamlMap): string | null {
  const entry = entryOf(map, 'default_value')
  if (entry === undefined) return null
  if (isNothing(entry.value)) return 'null'
  const value = entry.value.kind === 'scalar' ? reader.value(entry.value) : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return reader.text(entry.value, '`default_value`') ?? null
}

function readReturns(reader: YamlReader, map: YamlMap, where: string): FunctionEntry['returns'] | undefined {
  const entry = entryOf(map, 'returns')
  if (entry === undefined || isNothing(entry.value)) {
    reader.requiredText(map, 'returns', where, 'returns: {data_type: boolean}')
    return undefined
  }
  const returns = reader.map(entry.value, `\`returns\` of ${where}`, ['data_type', 'description'])
  if (returns === undefined) return undefined
  const dataType = reader.requiredText(returns, 'data_type', `\`returns\` of ${where}`, 'data_type: boolean')
  if (dataType === undefined) return undefined
  const typeSpan = reader.span(entryOf(returns, 'data_type')!.value)
  return { dataType, typeSpan, description: readDescription(reader, returns) }
}
