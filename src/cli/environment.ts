import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/** The process's environment over what `.env` in the working folder says. */
export function readEnvironment(env: Environment, cwd: string): Environment {
  let text: string
  try {
    text = readFileSync(join(cwd, '.env'), 'utf8')
  } catch {
    // No such file is the usual case, and one that cannot be read is not ours to judge.
    return env
  }
  return { ...parseEnv(text), ...env }
}
