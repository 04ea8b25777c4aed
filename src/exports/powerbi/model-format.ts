import { FORMAT_NAMES, fieldFormat } from '../tableau/field-format.ts'

/** A format as YAML has it (`currency EUR 0`, `percent 1`, a pattern of Power BI or of Tableau) in the words of Power BI. */
export function modelFormat(written: string): string {
  const isNamed = FORMAT_NAMES.includes(written.trim().split(/\s+/)[0]!)
  const isTableau = /^(\*|[nNpP](?=[#0])|[cC](?=["#0$]))/.test(written)
  const known = isNamed || isTableau ? fieldFormat(written)?.text : undefined
  if (known === undefined) return written
  // Tableau says first of what kind a format is, and shows `K` and `M` as they stand.
  const pattern = known.replace(/^[*nNpPcC]/, '').replaceAll(/(,+)([KM])/g, '$1"$2"')
  const [positive, negative, ...rest] = pattern.split(';')
  return rest.length === 0 && negative === `-${positive}` ? positive! : pattern
}
