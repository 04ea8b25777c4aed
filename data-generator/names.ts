import { base, de, en, en_GB, es, Faker, fr, it, type LocaleDefinition, nl } from '@faker-js/faker'
import type { Random } from './random.ts'

/** Faker per country, all drawing from the record's own stream: Faker keeps no state between records. */
let stream: Random | undefined
const randomizer = {
  next: () => {
    if (stream === undefined) throw new Error('faker was used outside of `withFaker`')
    return stream.next()
  },
  seed: () => {},
}

const make = (...locales: LocaleDefinition[]) => new Faker({ locale: [...locales, en, base], randomizer })

const FAKERS = { DE: make(de), FR: make(fr), GB: make(en_GB), US: make(), IT: make(it), ES: make(es), NL: make(nl) }

export type CountryCode = keyof typeof FAKERS

export const COUNTRIES = Object.keys(FAKERS) as CountryCode[]

export function withFaker<T>(country: CountryCode, random: Random, use: (faker: Faker) => T): T {
  stream = random
  try {
    return use(FAKERS[country])
  } finally {
    stream = undefined
  }
}

/** Text without the few characters of Faker's lists that Latin-1 lacks. */
export function latin1(text: string): string {
  const known = text.replaceAll('\u2019', "'").replaceAll('\u0153', 'oe').replaceAll('\u0152', 'OE')
  return [...known].filter((character) => character <= '\u00ff').join('')
}
