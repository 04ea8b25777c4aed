import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

interface Schema {
  readonly title?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly anyOf?: readonly Schema[]
}

const read = (name: string): Schema => JSON.parse(readFileSync(new URL(`../schemas/${name}`, import.meta.url), 'utf8'))

function compile(schema: Schema): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile(schema)
}

const manifest = read('manifest-v12.json')
const validators = {
  manifest: compile(manifest),
  'run-results': compile(read('run-results-v6.json')),
  catalog: compile(read('catalog-v1.json')),
  sources: compile(read('sources-v3.json')),
}

/** What the schema finds wrong, one line each. */
export function schemaFaults(artifact: keyof typeof validators, data: unknown): readonly string[] {
  const validate = validators[artifact]
  if (validate(JSON.parse(JSON.stringify(data)))) return []
  return validate.errors!.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
}

/** The schema of one kind of node by its title: `Model`, `GenericTest`, `SourceDefinition`, `Macro` … */
export function entrySchema(title: string): Schema {
  const { nodes, sources, macros } = manifest.properties!
  const all = [...nodes!.additionalProperties!.anyOf!, sources!.additionalProperties!, macros!.additionalProperties!]
  return all.find((schema) => schema.title === title)!
}

export function entryFaults(title: string, data: unknown): readonly string[] {
  const validate = compile(entrySchema(title))
  if (validate(JSON.parse(JSON.stringify(data)))) return []
  return validate.errors!.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
}
