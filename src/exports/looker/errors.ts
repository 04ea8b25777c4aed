import { defineDiagnostic } from '../../base/diagnostic.ts'

export const schemaShared = defineDiagnostic<{ schema: string; table: string }>(
  'exports/looker-schema-shared',
  'error',
  'The views for readers stand in a schema of their own, so that a right to look into it gives nothing else away.',
  (a) => ({
    message: `the views would stand in \`${a.schema}\`, where \`${a.table}\` stands`,
    hints: ['name another schema in `options`: `schema: looker`'],
  }),
)

export const viewNameTaken = defineDiagnostic<{ relation: string; owner: string | null }>(
  'exports/looker-name-taken',
  'error',
  'An export replaces and drops only the views that it made, which it knows by the last line of their comments.',
  (a) => ({
    message:
      a.owner === null
        ? `${a.relation} stands where a view of the export belongs, and tsdbt did not make it`
        : `${a.relation} belongs to \`${a.owner}\``,
    hints: [
      a.owner === null
        ? 'rename or drop it, or name another schema in `options`'
        : 'name another schema in `options` of one of the two',
    ],
  }),
)

export const noRolesHere = defineDiagnostic<{ role: string }>(
  'exports/looker-no-roles',
  'error',
  'A role that may only read needs an engine with roles. A database in a file has none: who can read the file reads all of it.',
  (a) => ({
    message: `there are no roles on this engine, so \`${a.role}\` cannot be made`,
    hints: [`leave \`role\` out, or give it for the targets that have roles: \`role: '{{var "looker_role" null}}'\``],
  }),
)

export const readerSeesMore = defineDiagnostic<{ role: string; schemas: readonly string[] }>(
  'exports/looker-reader-sees-more',
  'warning',
  'The role of an export may look into other schemas, by rights that it has from elsewhere. tsdbt takes only those away that concern the views.',
  (a) => ({
    message: `\`${a.role}\` may also look into ${a.schemas.map((s) => `\`${s}\``).join(', ')}`,
    hints: [`take these rights away (\`revoke usage on schema … from …\`), or name a role of its own`],
  }),
)
