import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Certificates are made by `openssl` for each run, so that none is in the repository and none expires there. */
export const hasOpenSsl = spawnSync('openssl', ['version']).status === 0

/** An authority in a folder, and certificates signed by it: `<name>.crt` and `<name>.key`. */
export interface Authority {
  /** The file with the authority's own certificate. */
  readonly certificate: string
  sign(name: string, options: { readonly commonName: string; readonly altName?: string; readonly days?: number }): void
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function openssl(folder: string, ...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
}

/** Makes an authority `<name>.crt` in a folder. */
export function makeAuthority(folder: string, name: string): Authority {
  const own = ['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`]
  openssl(folder, 'req', '-x509', ...NEW_KEY, ...own, '-days', '2')
  return {
    certificate: join(folder, `${name}.crt`),
    sign(leaf, { commonName, altName, days = 2 }) {
      const request = ['-keyout', `${leaf}.key`, '-out', `${leaf}.csr`, '-subj', `/CN=${commonName}`]
      openssl(folder, 'req', '-new', ...NEW_KEY, ...request)
      writeFileSync(join(folder, `${leaf}.ext`), altName === undefined ? '' : `subjectAltName = ${altName}\n`)
      const signed = ['-in', `${leaf}.csr`, '-out', `${leaf}.crt`, '-extfile', `${leaf}.ext`, '-days', String(days)]
      openssl(folder, 'x509', '-req', ...signed, '-CA', `${name}.crt`, '-CAkey', `${name}.key`, '-CAcreateserial')
    },
  }
}

/** Turns the key of a certificate into one that asks for a passphrase. */
export function lockKey(folder: string, name: string, to: string): void {
  openssl(folder, 'ec', '-in', `${name}.key`, '-out', `${to}.key`, '-aes256', '-passout', 'pass:geheim')
}
