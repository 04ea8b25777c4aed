import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import type { ConfigValue } from '../config/node-config.ts'
import { badProfileValue, unknownProfileKey } from './errors.ts'
import type { ProfileOutput, TargetProfile } from './profile.ts'

type Path = readonly (string | number)[]

/** Collects what is wrong while it reads, so that one look shows all. */
export class ProfileReader {
  readonly output: ProfileOutput
  readonly diagnostics: Diagnostic[] = []

  constructor(output: ProfileOutput) {
    this.output = output
  }

  wrong(path: Path, wanted: string, value: ConfigValue): undefined {
    const span = this.output.spanOf(path, 'value')
    this.diagnostics.push(badProfileValue({ key: path.join('.'), wanted, got: JSON.stringify(value) }, { span }))
    return undefined
  }

  knownKeys(object: object, known: readonly string[], path: Path): void {
    for (const key of Object.keys(object)) {
      if (known.includes(key)) continue
      this.diagnostics.push(unknownProfileKey({ key, known }, { span: this.output.spanOf([...path, key], 'key') }))
    }
  }

  text(path: Path, value: ConfigValue | undefined): string | undefined {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' && value !== '' && !value.includes('\u0000')) return value
    return this.wrong(path, 'a text', value)
  }

  flag(path: Path, value: ConfigValue | undefined): boolean {
    if (value === undefined || value === null) return false
    return typeof value === 'boolean' ? value : (this.wrong(path, '`true` or `false`', value) ?? false)
  }

  list(path: Path, value: ConfigValue | undefined): readonly ConfigValue[] {
    if (value === undefined || value === null) return []
    return isList(value) ? value : (this.wrong(path, 'a list', value) ?? [])
  }

  dict(path: Path, value: ConfigValue | undefined): { readonly [key: string]: ConfigValue } {
    if (value === undefined || value === null) return {}
    return isDict(value) ? value : (this.wrong(path, 'a map of names and values', value) ?? {})
  }

  /** A whole number; text of digits counts, because variables of the environment are text. */
  whole(path: Path, value: ConfigValue | undefined, range: { min: number; max?: number }): number | undefined {
    if (value === undefined || value === null) return undefined
    const { min, max = Number.MAX_SAFE_INTEGER } = range
    const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number
    const upTo = range.max === undefined ? '' : ` to ${max}`
    return this.wrong(path, `a whole number from ${min}${upTo}`, value)
  }

  choice<T extends string>(path: Path, value: ConfigValue | undefined, choices: readonly T[]): T | undefined {
    if (value === undefined || value === null) return undefined
    const found = choices.find((choice) => choice === value)
    if (found !== undefined) return found
    const shown = choices.map((choice) => `\`${choice}\``)
    return this.wrong(path, `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`, value)
  }

  /** What every engine's target may say. */
  common(): { readonly threads: number | undefined; readonly schemaNaming: TargetProfile['schemaNaming'] } {
    const { threads, schema_naming: naming } = this.output.values
    return {
      threads: this.whole(['threads'], threads, { min: 1 }),
      schemaNaming: this.choice(['schema_naming'], naming, ['prefix', 'plain']) ?? 'prefix',
    }
  }

  /** Raises `UserError` when something was wrong. */
  finish(): void {
    if (this.diagnostics.length > 0) throw new UserError(this.diagnostics)
  }
}

function isList(value: ConfigValue): value is readonly ConfigValue[] {
  return Array.isArray(value)
}

/** Narrows a value of a profile to a map. */
export function isDict(value: ConfigValue): value is { readonly [key: string]: ConfigValue } {
  return typeof value === 'object' && value !== null && !isList(value)
}
