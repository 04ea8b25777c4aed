const credentialKey = /(?:^|_)(?:password|passwd|passphrase|pwd|pass|token|secret|key|credentials?|private_key)(?:$|_)/
const mask = '*****'

/** Whether values of this key are credentials, in a profile or anywhere else: `password`, `api_key`, `motherduck_token` … */
export function isCredentialKey(key: string): boolean {
  return credentialKey.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase())
}

/** The secret half of a Tableau token: only publishing reads it. */
const tableauSecret = 'TABLEAU_PAT_SECRET'

/** Whether an environment variable may be read in `profiles.yml` and `packages.yml` only and is never printed. */
export function isSecretVariable(name: string): boolean {
  return name.startsWith('TSDBT_SECRET_') || name.startsWith('DBT_ENV_SECRET_') || name === tableauSecret
}

/**
 * Replaces secret values by `*****` in every text that leaves: logs, artifacts, errors, the output of `debug`.
 * Forms in which drivers repeat a secret count too: URL-encoded, JSON-escaped, with doubled quotes, and the lines of a key file.
 * Values of fewer than three characters stay, because hiding them would garble every text and protect nothing.
 */
export class Scrubber {
  readonly #values = new Set<string>()
  #pattern: RegExp | undefined

  /** A scrubber that knows the secret variables of `env`. */
  static fromEnvironment(env: Readonly<Record<string, string | undefined>>): Scrubber {
    const scrubber = new Scrubber()
    for (const [name, value] of Object.entries(env))
      if (value !== undefined && isSecretVariable(name)) scrubber.add(value)
    return scrubber
  }

  add(secret: string): void {
    for (const form of formsOf(secret)) {
      if (form.trim().length < 3 || this.#values.has(form)) continue
      this.#values.add(form)
      this.#pattern = undefined
    }
  }

  scrub(text: string): string {
    return this.#values.size === 0 ? text : text.replace(this.#secrets(), mask)
  }

  /** Where secrets stand in a text: one that was cut in the middle would not be known as a secret any more. */
  find(text: string): readonly { readonly start: number; readonly end: number }[] {
    if (this.#values.size === 0) return []
    return [...text.matchAll(this.#secrets())].map((m) => ({ start: m.index, end: m.index + m[0].length }))
  }

  #secrets(): RegExp {
    this.#pattern ??= new RegExp(
      [...this.#values]
        .sort((a, b) => b.length - a.length)
        .map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('|'),
      'g',
    )
    return this.#pattern
  }
}

function formsOf(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), secret.replaceAll("'", "''")]
  if (!/\p{Surrogate}/u.test(secret)) forms.push(encodeURIComponent(secret))
  if (secret.includes('\n')) forms.push(...secret.split(/\r?\n/).filter((line) => line.length >= 8))
  return forms
}
