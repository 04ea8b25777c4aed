import { sheetText } from './sheet-text.ts'

export const HEADER_STYLE = 1
const FIRST_CODE = 164
/** Number formats of one's own begin behind these styles: plain, header. */
const FIRST_STYLE = 2

/** The styles of a workbook: one for each number format that its cells use. */
export class CellStyles {
  readonly #codes: string[] = []

  /** The index of the style with a number format. */
  of(code: string): number {
    const known = this.#codes.indexOf(code)
    if (known !== -1) return known + FIRST_STYLE
    return this.#codes.push(code) - 1 + FIRST_STYLE
  }

  xml(): string {
    const formats = this.#codes.map(
      (code, i) => `<numFmt numFmtId="${FIRST_CODE + i}" formatCode="${sheetText(code)}"/>`,
    )
    const styles = this.#codes.map(
      (_, i) => `<xf numFmtId="${FIRST_CODE + i}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
    )
    const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${
      formats.length === 0 ? '' : `<numFmts count="${formats.length}">${formats.join('')}</numFmts>`
    }<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length + FIRST_STYLE}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
  }
}
