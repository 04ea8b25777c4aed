import { Ajv } from 'ajv'

/**
 * What Microsoft's published schemas (github.com/microsoft/json-schemas, folder `fabric`) say of the keys that we write. They
 * know many more; a key that is not here is one that we do not mean to write.
 */
const BASE = 'https://developer.microsoft.com/json-schemas/fabric'

type Schema = { readonly [key: string]: unknown }

const text = { type: 'string' }
const number = { type: 'number' }
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }

/** All keys are required and no other ones are known, unless `optional` says so. */
function object(properties: { readonly [key: string]: Schema }, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key))
  return { type: 'object', additionalProperties: false, properties, required }
}

const list = (items: Schema): Schema => ({ type: 'array', items, minItems: 1 })

const SCHEMAS: { readonly [path: string]: { readonly [key: string]: Schema } } = {
  'pbip/pbipProperties/1.0.0': {
    version: text,
    artifacts: list(object({ report: object({ path: text }) })),
    settings: object({ enableAutoRecovery: { type: 'boolean' } }),
  },
  'gitIntegration/platformProperties/2.0.0': {
    metadata: object({ type: { enum: ['SemanticModel', 'Report'] }, displayName: text }),
    config: object({ version: text, logicalId: uuid }),
  },
  'item/semanticModel/definitionProperties/1.0.0': {
    version: text,
    settings: object({ qnaEnabled: { type: 'boolean' } }, ['qnaEnabled']),
  },
  'item/report/definitionProperties/1.0.0': {
    version: text,
    datasetReference: object({ byPath: object({ path: text }) }),
  },
  'item/report/definition/versionMetadata/1.0.0': {
    version: { type: 'string', pattern: '^[1-9][0-9]*\\.(0|[1-9][0-9]*)\\.0$' },
  },
  'item/report/definition/report/1.0.0': {
    themeCollection: object({}),
    layoutOptimization: { enum: ['None', 'PhonePortrait'] },
  },
  'item/report/definition/pagesMetadata/1.0.0': { pageOrder: list(text), activePageName: text },
  'item/report/definition/page/1.0.0': {
    name: { type: 'string', maxLength: 50 },
    displayName: text,
    displayOption: { enum: ['FitToPage', 'FitToWidth', 'ActualSize'] },
    height: number,
    width: number,
  },
  'item/report/definition/visualContainer/1.0.0': {
    name: { type: 'string', maxLength: 50 },
    position: object({ x: number, y: number, z: number, width: number, height: number, tabOrder: number }),
    visual: object({
      visualType: text,
      query: object({
        queryState: object({
          Values: object({
            projections: list(
              object({
                field: object({
                  Measure: object({ Expression: object({ SourceRef: object({ Entity: text }) }), Property: text }),
                }),
                queryRef: text,
                nativeQueryRef: text,
              }),
            ),
          }),
        }),
      }),
    }),
  },
}

/** What is wrong with a part of a project, by the schema that it names. */
export function partFaults(part: { readonly $schema?: string }): readonly string[] {
  const path = part.$schema?.replace(`${BASE}/`, '').replace(/\/schema\.json$/, '') ?? ''
  const known = SCHEMAS[path]
  if (known === undefined) return [`unknown schema ${part.$schema}`]
  const validate = new Ajv({ strict: false, allErrors: true }).compile(object({ $schema: text, ...known }))
  if (validate(part)) return []
  return validate.errors!.map((e) => `${e.instancePath} ${e.message}`)
}
