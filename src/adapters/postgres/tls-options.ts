import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { UserError } from '../../base/errors.ts'
import { certificateUnreadable } from '../errors.ts'
import type { PostgresProfile, ProfileFile } from './postgres-profile.ts'

/** One way to connect: with TLS or without. */
export type Encryption = ConnectionOptions | false

/**
 * The ways to connect that `sslmode` allows, in order; the meaning is libpq's. Without `sslrootcert`, a certificate that is
 * to be verified must come from an authority that Node.js knows. Raises `UserError` for a file that cannot be read.
 */
export async function encryptions(profile: PostgresProfile, baseDir: string): Promise<readonly Encryption[]> {
  if (profile.sslMode === 'disable' || profile.host.startsWith('/')) return [false]
  const [ca, cert, key] = await Promise.all([
    read('sslrootcert', profile.sslRootCert, baseDir),
    read('sslcert', profile.sslCert, baseDir),
    read('sslkey', profile.sslKey, baseDir),
  ])
  const files = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  switch (profile.sslMode) {
    case 'allow':
      return [false, { ...files, rejectUnauthorized: false }]
    case 'prefer':
      return [{ ...files, rejectUnauthorized: false }, false]
    case 'require':
      return [ca === undefined ? { ...files, rejectUnauthorized: false } : anyHost(files)]
    case 'verify-ca':
      return [anyHost(files)]
    case 'verify-full':
      return [{ ...files, rejectUnauthorized: true }]
  }
}

/** The certificate must be signed by the authority, whatever name it bears. */
function anyHost(files: ConnectionOptions): ConnectionOptions {
  return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined }
}

async function read(key: string, file: ProfileFile | undefined, baseDir: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined
  try {
    return await readFile(resolve(baseDir, file.path))
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UserError(certificateUnreadable({ key, path: file.path, reason }, { span: file.span }))
  }
}
