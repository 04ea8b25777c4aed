import type { Diagnostic, Place } from '../../base/diagnostic.ts'
import * as kinds from './errors.ts'
import type { ServerError } from './server-error.ts'

const SELF_SIGNED = 'DEPTH_ZERO_SELF_SIGNED_CERT'
const UNTRUSTED: readonly string[] = [
  SELF_SIGNED,
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]

/** What the server's end of the handshake says about the certificate that this client showed, or did not. */
const REFUSED_CLIENT =
  /alert (?:certificate|bad certificate|unknown ca|unsupported certificate)|CERTIFICATE_REQUIRED|ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE/i

/** Files that the handshake cannot use, by the codes of OpenSSL. */
const BAD_FILES: readonly (readonly [RegExp, string])[] = [
  [/KEY_VALUES_MISMATCH/, '`sslkey` is not the key of `sslcert`'],
  [
    /INTERRUPTED_OR_CANCELLED|BAD_DECRYPT|BAD_PASSWORD_READ|PASSWORD/,
    '`sslkey` has a passphrase, which tsdbt cannot ask for',
  ],
  [/NO_START_LINE|PEM|ASN1|DECODER|UNSUPPORTED|NOT_ENOUGH_DATA|WRONG_TAG/, 'it is no certificate or key in PEM form'],
  [/CA_MD_TOO_WEAK|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL/, 'it is too weak for the TLS of this machine'],
]

/** Reads what went wrong in a TLS handshake, or before it with the files of the target. */
export function tlsDiagnostic(error: ServerError & { readonly cert?: unknown }, where: string, place: Place) {
  const { code = '' } = error
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return kinds.certificateExpired({ where, early: code === 'CERT_NOT_YET_VALID' }, place)
  }
  if (UNTRUSTED.includes(code)) return kinds.certificateUntrusted({ where, selfSigned: code === SELF_SIGNED }, place)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return kinds.certificateHost({ where, names: namesOf(error.cert) }, place)
  }
  if (code === 'CERT_REVOKED') return kinds.tlsFailed({ where, reason: "the server's certificate was revoked" }, place)
  return handshakeDiagnostic(error, where, place)
}

function handshakeDiagnostic({ code = '', message }: ServerError, where: string, place: Place): Diagnostic | undefined {
  if (REFUSED_CLIENT.test(code) || REFUSED_CLIENT.test(message)) return kinds.clientCertificate({ where }, place)
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) return kinds.notPostgres({ where }, place)
  if (
    !code.startsWith('ERR_OSSL') &&
    !code.startsWith('ERR_SSL') &&
    code !== 'EPROTO' &&
    !/^error:\w+:/.test(message)
  ) {
    return undefined
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|VERSION_TOO/.test(code)) {
    return kinds.tlsFailed({ where, reason: 'client and server have no TLS version or cipher in common' }, place)
  }
  const bad = BAD_FILES.find(([pattern]) => pattern.test(`${code} ${message.toUpperCase().replaceAll(' ', '_')}`))
  if (bad !== undefined) return kinds.certificateFile({ problem: bad[1] }, place)
  return kinds.tlsFailed({ where, reason: message.split(':').at(-1)?.trim() || code }, place)
}

function namesOf(certificate: unknown): string | undefined {
  const { subjectaltname, subject } = (certificate ?? {}) as {
    readonly subjectaltname?: string
    readonly subject?: { readonly CN?: string }
  }
  const names = subjectaltname?.replaceAll(/\b(?:DNS|IP Address):/g, '') ?? subject?.CN
  return names
    ?.split(', ')
    .map((name) => `\`${name}\``)
    .join(', ')
}
