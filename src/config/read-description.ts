import { didYouMean } from '../base/nearest.ts'
import type { DocBlock } from './doc-block.ts'
import { badDocCall, unknownDoc } from './errors.ts'
import { entryOf, type YamlMap, type YamlScalar } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

/** A description with its doc blocks put in. */
export interface Documented {
  readonly description: string
  /** unique ids of the blocks; absent without any. */
  readonly docBlocks?: readonly string[] | undefined
}

const call = /\{\{[~-]?\s*doc\b(.*?)[~-]?\}\}/gs
const names = /^\s*\(?\s*(['"])([^'"]*)\1(?:[\s,]+(['"])([^'"]*)\3)?\s*\)?\s*$/s

/** Descriptions are plain text, in which `{{doc "name"}}` (dbt: `{{ doc('name') }}`) is a block of Markdown. Nothing else is evaluated. */
export function readDocumented(reader: YamlReader, map: YamlMap, key = 'description'): Documented {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return { description: '' }
  const node = entry.value
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    return { description: reader.text(node, `\`${key}\``) ?? '' }
  if (!node.value.includes('{{')) return { description: node.value }
  const docBlocks: string[] = []
  const description = node.value.replace(call, (written: string, args: string, at: number) => {
    const block = blockOf(reader, node, args, { start: at, end: at + written.length })
    if (block === undefined) return written
    if (!docBlocks.includes(block.uniqueId)) docBlocks.push(block.uniqueId)
    return block.text
  })
  return docBlocks.length === 0 ? { description } : { description, docBlocks }
}

/** The text alone, for what the artifacts know no doc blocks of. */
export function readDescription(reader: YamlReader, map: YamlMap, key = 'description'): string {
  return readDocumented(reader, map, key).description
}

function blockOf(
  reader: YamlReader,
  node: YamlScalar,
  args: string,
  range: { readonly start: number; readonly end: number },
): DocBlock | undefined {
  const { textStart } = node
  const place = node.exact ? { start: textStart + range.start, end: textStart + range.end } : node
  const span = reader.span(place)
  const match = names.exec(args)
  if (match === null) return reader.report(badDocCall({}, { span }))
  const [packageName, name] = match[4] === undefined ? [undefined, match[2]!] : [match[2]!, match[4]]
  const found = reader.findDoc(name, packageName)
  if ('uniqueId' in found) return found
  const known = [...found.known].filter((n) => !n.startsWith('__'))
  const whole = packageName === undefined ? name : `${packageName}.${name}`
  const hint =
    didYouMean(name, known) ??
    (known.length === 0
      ? `write it in a file such as \`models/docs.md\`: {{#*docs ${name}}} … {{/docs}}`
      : known.length > 12
        ? undefined
        : `doc blocks are ${known.map((n) => `\`${n}\``).join(', ')}`)
  return reader.report(unknownDoc({ name: whole, hint }, { span }))
}
