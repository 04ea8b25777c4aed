const DAY_MS = 86_400_000
const DAY_MICROS = DAY_MS * 1000
/** The day zero of Excel's calendar, after the day that it believes to be 29 February 1900. */
const DAY_ZERO = Date.UTC(1899, 11, 30)
const MARCH_1900 = 61
const LAST_MS = DAY_MS - 1

/**
 * The number that Excel keeps of a date or a timestamp in ISO form: days, and the time as a fraction of one. Null before
 * 1900 and after 9999, where Excel has no dates.
 */
export function serialDate(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?)?$/.exec(text)
  if (match === null) return null
  const [, year, month, day, time] = match
  if (Number(year) < 1900) return null
  const days = Math.round((Date.UTC(Number(year), Number(month) - 1, Number(day)) - DAY_ZERO) / DAY_MS)
  const serial = days < MARCH_1900 ? days - 1 : days
  if (time === undefined) return serial
  const exact = serial + (serialTime(time) ?? 0)
  // So far from the day zero a number has no room for microseconds: the last ones of a day would round to the next.
  return exact < serial + 1 ? exact : serial + LAST_MS / DAY_MS
}

/** A time of the day as a fraction of it; null for what is none. */
export function serialTime(text: string): number | null {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text)
  if (match === null) return null
  const [, hours, minutes, seconds, fraction = ''] = match
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return (((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000 + micros) / DAY_MICROS
}
