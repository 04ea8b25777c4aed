import { germanDay, isoDay } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { COUNTRIES, type CountryCode, latin1, withFaker } from '../names.ts'
import { Random } from '../random.ts'
import { type Scope, sizes } from '../scope.ts'
import { FIRST_DAY, isoOfUpdate, LAST_DAY } from './periods.ts'

export const SEGMENTS = ['Consumer', 'Small Business', 'Enterprise'] as const

/** One state of a customer; a customer who moved or changed segment has several, told apart by `updatedAt`. */
export interface Customer {
  /** With leading zeros. */
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string | null
  readonly segment: (typeof SEGMENTS)[number]
  readonly country: CountryCode | null
  readonly city: string
  /** With leading zeros. */
  readonly postalCode: string
  readonly address: string
  readonly birthDay: number
  readonly signedUpDay: number
  readonly updatedAt: string
}

/** The account that goes from no country to Germany and back to none: three versions. */
export const RESTLESS_CUSTOMER = 7

/** A day by which a share of all customers had signed up; the rest follow evenly until the last day. */
const FOUNDED = FIRST_DAY - 365

export function customerId(index: number): string {
  return String(index + 1).padStart(8, '0')
}

/** How many customers had signed up before `day`: they sign up in the order of their numbers. */
export function customersBefore(day: number, scope: Scope): number {
  const share = (day - FOUNDED) / (LAST_DAY - FOUNDED + 1)
  return Math.max(1, Math.min(sizes(scope).customers, Math.floor(sizes(scope).customers * share)))
}

/** One in nine signs up and never buys. */
export function neverBuys(index: number): boolean {
  return index % 9 === 4
}

/** The states of one customer, oldest first. */
export function customerVersions(index: number, scope: Scope): readonly Customer[] {
  const random = new Random(scope.seed, 'customer', index)
  const country = index === RESTLESS_CUSTOMER ? null : random.chance(0.01) ? null : random.pick(COUNTRIES)
  const signedUpDay = FOUNDED + Math.floor((index / sizes(scope).customers) * (LAST_DAY - FOUNDED + 1))
  const segment = random.chance(0.68) ? SEGMENTS[0] : random.chance(0.7) ? SEGMENTS[1] : SEGMENTS[2]
  const first: Customer = {
    id: customerId(index),
    ...person(country ?? 'US', random),
    segment,
    country,
    birthDay: random.int(-7_000, 13_000),
    signedUpDay,
    updatedAt: isoOfUpdate(signedUpDay, random),
  }
  if (index === RESTLESS_CUSTOMER) {
    const moved: Customer = { ...first, country: 'DE', updatedAt: '2024-05-01T00:00:00Z' }
    return [first, moved, { ...moved, country: null, updatedAt: '2024-09-01T00:00:00Z' }]
  }
  const changeDay = signedUpDay + random.int(30, 400)
  if (!random.chance(0.08) || changeDay > LAST_DAY) return [first]
  const change = random.chance(0.5)
    ? { segment: random.pick(SEGMENTS) }
    : { city: 'Luxembourg', postalCode: '01009', address: '7, rue du Marché' }
  return [first, { ...first, ...change, updatedAt: isoOfUpdate(changeDay, random) }]
}

function person(country: CountryCode, random: Random) {
  return withFaker(country, random, (faker) => {
    const firstName = latin1(faker.person.firstName())
    const lastName = latin1(faker.person.lastName())
    const street = latin1(faker.location.streetAddress())
    const address = random.chance(0.08)
      ? `${street}\nc/o "${lastName}"`
      : random.chance(0.05)
        ? `${street}; 2nd floor`
        : street
    const name = `${firstName}.${lastName}`.normalize('NFD').replace(/[^A-Za-z.]/g, '')
    const email = random.chance(0.02) ? null : `${name}${random.int(1, 9_999)}@Example.com`
    return {
      firstName,
      lastName,
      email,
      city: latin1(faker.location.city()),
      postalCode: String(random.int(501, 99_950)).padStart(5, '0'),
      address,
    }
  })
}

const COLUMNS =
  'customer_id;first_name;last_name;email;segment;country;city;postal_code;address;birth_date;signed_up_on;updated_at'

function row(customer: Customer, index: number): string {
  return delimited(
    [
      customer.id,
      customer.firstName,
      customer.lastName,
      // The shop system writes "no value" in two ways besides the empty cell.
      customer.email ?? (index % 2 === 0 ? '-' : 'not_available'),
      customer.segment,
      customer.country,
      customer.city,
      customer.postalCode,
      customer.address,
      index % 2 === 0 ? isoDay(customer.birthDay) : germanDay(customer.birthDay),
      isoDay(customer.signedUpDay),
      customer.updatedAt,
    ],
    ';',
  )
}

/** A semicolon export in Latin-1 with Windows line ends. Broken records are followed by the same record sent again. */
export function customersFile(scope: Scope): DataFile {
  return {
    path: 'shop/customers.csv.gz',
    encoding: 'latin-1',
    lineEnd: '\r\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header(COLUMNS)
      for (let i = 0; i < sizes(scope).customers; i++) yield* customerLines(i, scope)
    },
  }
}

function* customerLines(index: number, scope: Scope): Iterable<Line> {
  for (const [version, customer] of customerVersions(index, scope).entries()) {
    const text = row(customer, index)
    const plain = row({ ...customer, address: 'Main Street 1' }, index)
    if (version === 0 && index % 600 === 100) {
      yield { text: plain.replace('Main Street 1', 'Main Street 1; 2nd floor'), fate: 'quarantined' }
    }
    if (version === 0 && index % 1_200 === 300) {
      yield { text: plain.replace(isoDay(customer.birthDay), '31.02.1990'), fate: 'quarantined' }
    }
    yield { text, fate: 'accepted' }
    if (version === 0 && index % 200 === 50) yield { text, fate: 'duplicate' }
  }
}
