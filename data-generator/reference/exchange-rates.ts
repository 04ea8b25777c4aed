import { dayNumber, isoDay, weekday } from '../calendar.ts'
import { type DataFile, header } from '../files/data-file.ts'
import { Random } from '../random.ts'
import { FIRST_DAY, LAST_DAY, type Scope } from '../scope.ts'

/** Units of each currency for one euro, in ten-thousandths; null: not quoted that day. */
export interface Rates {
  readonly day: number
  readonly USD: number
  readonly GBP: number | null
  readonly CHF: number
}

/** Days without rates besides weekends. */
const HOLIDAYS = new Set(
  ['2023-01-01', '2023-04-07', '2023-04-10', '2023-05-01', '2023-12-25', '2023-12-26']
    .concat(['2024-01-01', '2024-03-29', '2024-04-01', '2024-05-01', '2024-12-25', '2024-12-26'])
    .map(dayNumber),
)

/** The pound is not quoted for twelve days, longer than a rate may be carried. */
const POUND_GAP = { first: dayNumber('2024-08-05'), last: dayNumber('2024-08-16') }

/** Rates of every working day, oldest first: a bounded random walk, made up. */
export function rates(scope: Scope): readonly Rates[] {
  const result: Rates[] = []
  const random = new Random(scope.seed, 'rates')
  let [usd, gbp, chf] = [10_700, 8_700, 9_700]
  const step = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value + random.int(-45, 45)))
  for (let day = FIRST_DAY - 10; day <= LAST_DAY; day++) {
    if (weekday(day) === 0 || weekday(day) === 6 || HOLIDAYS.has(day)) continue
    usd = step(usd, 10_400, 11_200)
    gbp = step(gbp, 8_300, 8_900)
    chf = step(chf, 9_300, 10_000)
    const quoted = day < POUND_GAP.first || day > POUND_GAP.last
    result.push({ day, USD: usd, GBP: quoted ? gbp : null, CHF: chf })
  }
  return result
}

/** The layout of the European Central Bank's history: newest first, `N/A`, and a comma too many in every line. */
export function exchangeRatesFile(scope: Scope): DataFile {
  const quote = (value: number | null) => (value === null ? 'N/A' : (value / 10_000).toFixed(4))
  return {
    path: 'reference/exchange_rates.csv',
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header('Date,USD,GBP,CHF,')
      for (const { day, USD, GBP, CHF } of [...rates(scope)].reverse()) {
        yield { text: `${isoDay(day)},${quote(USD)},${quote(GBP)},${quote(CHF)},`, fate: 'accepted' }
      }
    },
  }
}
