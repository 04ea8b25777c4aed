import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'
import { dimensionValue } from './dimension-value.ts'
import { markColors, type SheetView } from './sheet-view.ts'
import { vegaSvg } from './vega-svg.ts'
import { groupRows } from './visible-rows.ts'

type Topology = Parameters<typeof feature>[0]

interface Country {
  readonly type: 'Feature'
  /** Number of the country in ISO 3166 and UN M49. */
  readonly id?: string | number
  readonly geometry: unknown
}

/** The shapes of all countries. */
function shapes(): readonly Country[] {
  const path = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json')
  const world = JSON.parse(readFileSync(path, 'utf8')) as Topology
  const { features } = feature(world, world.objects['countries']!) as unknown as {
    readonly features: readonly Country[]
  }
  return features
}

/** Two-letter codes of countries by their number of three digits. */
function countryCodes(seed: string): ReadonlyMap<string, string> {
  const [, ...lines] = seed.trim().split('\n')
  return new Map(lines.map((line) => line.split(',')).map(([code, , number]) => [number!, code!]))
}

/** Countries filled by a measure among their neighbours, in Mercator's projection as Tableau has it. */
export async function drawMap(view: SheetView, countriesSeed: string): Promise<string> {
  const { sheet, spec, width, height } = view
  if (sheet.location?.kind !== 'area') throw new Error(`\`${sheet.name}\` has no countries`)
  const [field] = sheet.location.fields
  const groups = groupRows(view.rows, (row) => String(dimensionValue(field!, row)))
  const colorOf = markColors(view, [...groups.values()], spec.theme.accent)
  const codes = countryCodes(countriesSeed)
  const countries = shapes().map((country) => {
    const rows = groups.get(codes.get(String(country.id ?? '').padStart(3, '0')) ?? '')
    return { ...country, properties: { fill: rows === undefined ? spec.theme.grid : colorOf(rows) } }
  })
  const frame = {
    type: 'MultiPoint',
    coordinates: [
      [-20, -36],
      [64, -36],
      [-20, 71.5],
      [64, 71.5],
    ],
  }
  const svg = await vegaSvg(
    {
      signals: [{ name: 'frame', value: frame }],
      data: [{ name: 'countries', values: [...countries] }],
      projections: [
        {
          name: 'world',
          type: 'mercator',
          fit: { signal: '{type: "Feature", geometry: frame}' },
          size: [width, height],
          clipExtent: [
            [0, 0],
            [width, height],
          ],
        },
      ],
      marks: [
        {
          type: 'shape',
          from: { data: 'countries' },
          encode: {
            enter: {
              fill: { signal: 'datum.properties.fill' },
              stroke: { value: spec.theme.surface },
              strokeWidth: { value: 0.6 },
            },
          },
          transform: [{ type: 'geoshape', projection: 'world' }],
        },
      ],
    },
    { width, height },
  )
  return simplified(svg)
}

/** Points that lie within a pixel of the one before it are left out, and islands that nothing is left of. */
function simplified(svg: string): string {
  return svg
    .replace(/ d="(M[^"]*)"/g, (_, path: string) => {
      const rings = path.split(/(?=M)/).map((ring) => ring.replace(/[MZ]/g, '').split('L').map(pointOf))
      return ` d="${rings.map(ringPath).join('')}"`
    })
    .replace(/<path(?![^>]* d="M)[^>]*\/>/g, '')
}

type Point = readonly [x: number, y: number]

const pointOf = (text: string): Point => text.split(',').map((n) => Math.round(Number(n) * 10)) as unknown as Point

/** In tenths of a pixel and from point to point, which is short. */
function ringPath(points: readonly Point[]): string {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= 11) kept.push(point)
  }
  if (kept.length < 4) return ''
  const steps = kept.map(([x, y], i) => {
    const [fromX, fromY] = kept[i - 1] ?? [0, 0]
    return [(x - fromX) / 10, (y - fromY) / 10].map((n) => String(n).replace(/^(-?)0\./, '$1.'))
  })
  const [first, ...rest] = steps
  return `M${first!.join(',')}l${rest.map((step) => step.join(step[1]!.startsWith('-') ? '' : ',')).join(' ')}z`
}
