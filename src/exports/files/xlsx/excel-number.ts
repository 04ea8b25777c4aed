/** Excel keeps fifteen significant digits of a number and rounds the rest away. */
const MOST_DIGITS = 15

/** Whether Excel keeps every digit of a number that is written in full, such as `-12.50`. */
export function keepsDigits(text: string): boolean {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) return false
  if (text.length <= MOST_DIGITS) return true
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  const digits = `${match[1]}${fraction}`.replace(/^0+/, '')
  const significant = fraction === '' ? digits.replace(/0+$/, '') : digits
  return significant.length <= MOST_DIGITS
}
