import stringWidth from 'string-width'

const plain = /^[\x20-\x7e]*$/

/** Columns of a terminal that a text takes: 2 for CJK and emoji, 0 for combining marks. */
export function displayWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text, { countAnsiEscapeCodes: false })
}

/** Fills with blanks up to a width in columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

/** Cuts to at most `width` columns; what was cut ends in `…`. Never splits a character. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let result = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const next = displayWidth(segment)
    if (used + next > width - 1) break
    result += segment
    used += next
  }
  return `${result}…`
}

/** One line that a terminal cannot misread: a tab becomes four blanks, control characters their visible pictures. */
export function visibleLine(text: string): string {
  if (plain.test(text)) return text
  return (
    text
      .replaceAll('\t', '    ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
      .replace(/[\x00-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
      .replace(/[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  )
}
