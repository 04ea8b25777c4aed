import { defineDiagnostic } from '../../../base/diagnostic.ts'

export const noRightForState = defineDiagnostic(
  'db/no-right-for-state',
  'error',
  'The user of the connection may not make or use the schema `tsdbt_state`, in which the database remembers the files that were loaded.',
  ({ database, role, reason }: { database: string; role: string; reason: string }) => ({
    message: `the loaded files cannot be remembered in schema \`tsdbt_state\` of database \`${database}\`: ${reason}`,
    hints: [
      `the administrator runs once \`create schema tsdbt_state authorization ${role}\``,
      `where another user made it: \`grant usage, create on schema tsdbt_state to ${role}\` and \`grant select, insert, update, delete on all tables in schema tsdbt_state to ${role}\``,
    ],
  }),
)
