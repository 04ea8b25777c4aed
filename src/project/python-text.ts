import type { ConfigValue } from '../config/node-config.ts'

/** The text that Python's `str` gives for a value; names of generic tests are made of it. */
export function pythonText(value: ConfigValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** The text that Python's `repr` gives for a value; hashes of generic tests are made of it. */
export function pythonRepr(value: ConfigValue): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return pythonNumber(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${(value as readonly ConfigValue[]).map(pythonRepr).join(', ')}]`
  return `{${Object.entries(value)
    .map(([k, v]) => `${quoted(k)}: ${pythonRepr(v)}`)
    .join(', ')}}`
}

/** Exponents have two digits at least in Python. */
function pythonNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

function quoted(text: string): string {
  if (!/[\\'\n\r\t]/.test(text)) return `'${text}'`
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`)
  return quote + escaped + quote
}
