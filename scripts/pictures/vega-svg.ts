import * as vega from 'vega'
import { round, textWidth } from './svg-text.ts'

/** The package's types leave it out. */
const metrics = (vega as unknown as { readonly textMetrics: { width: Measure } }).textMetrics
type Measure = (item: { readonly fontSize?: number }, text: unknown) => number

/** What a Vega specification of so many pixels shows, as SVG elements without a frame. The same input gives the same text. */
export async function vegaSvg(
  spec: Omit<vega.Spec, 'width' | 'height'>,
  size: { readonly width: number; readonly height: number },
): Promise<string> {
  metrics.width = (item, text) => textWidth(String(text), item.fontSize ?? 11)
  const view = new vega.View(vega.parse({ autosize: 'none', padding: 0, ...size, ...spec }), { renderer: 'none' })
  view.logLevel(vega.Error)
  const svg = await view.toSVG()
  view.finalize()
  return bare(svg)
}

/** Without the frame and what screen readers and style sheets would need of a page; numbers with one decimal. */
function bare(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>$/, '')
    .replace(/ (?:aria-[a-z]+|role|class|font-family|pointer-events)="[^"]*"/g, '')
    .replace(/ (?:opacity|stroke-opacity|fill-opacity)="1"/g, '')
    .replace(/ transform="translate\(0,0\)"/g, '')
    .replace(/<path d="M0,0h[\d.]+v[\d.]+h-[\d.]+Z"(?: fill="none")?(?: display="none")?\s*(?:\/>|><\/path>)/g, '')
    .replace(/<[^>]*>/g, (tag) => tag.replace(/-?\d+\.\d{2,}/g, (number) => String(round(Number(number)))))
    .replaceAll('></path>', '/>')
}
