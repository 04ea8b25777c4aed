import type { Scrubber } from '../../base/scrub.ts'

const userPart = /([a-z][a-z0-9+.-]*:\/\/)([^/@\s]+)@/gi

/** An address without the user and password in it. */
export function hideCredentials(text: string): string {
  return text.replace(userPart, '$1*****@')
}

/** Makes known to the scrubber what an address tells a server: a password, or a token that stands for the user. */
export function collectCredentials(url: string, secrets: Scrubber): void {
  for (const [, , user = ''] of url.matchAll(userPart)) {
    const colon = user.indexOf(':')
    const [name, password] = colon < 0 ? [user, ''] : [user.slice(0, colon), user.slice(colon + 1)]
    // `git@host` is no secret.
    if (password !== '') secrets.add(password)
    else if (name.length > 8) secrets.add(name)
  }
}
