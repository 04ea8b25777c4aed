/** The types that both engines have; all that is odd about their values. */
const COMMON = `select 1 as id, true as flag, cast(32767 as smallint) as small, 9223372036854775807 as big,
  cast('12345678901234567890.123456' as decimal(38, 6)) as wide, cast('-99.50' as decimal(9, 2)) as price,
  cast(0.1 as real) as single, cast('1.7976931348623157e308' as double precision) as precise,
  'a "quoted", text; with 	tab' as words, date '2024-02-29' as day, timestamp '2024-02-29 10:00:00.000001' as moment,
  timestamptz '2024-02-29 10:00:00.5+02' as zoned, cast('23:59:59.999999' as time) as clock,
  cast('00000000-0000-0000-0000-000000000001' as uuid) as ident, cast('{"a": [1, null, 12345678901234567890.5]}' as json) as doc,
  interval '1 month -2 days' as span
union all select 2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
union all select 3, false, -32768, -9223372036854775807, -0.000001, 0, cast('-Infinity' as real), cast('NaN' as double precision),
  '', date '0001-01-01', timestamp '9999-12-31 23:59:59.999999', timestamptz '1899-12-31 00:00:00+00', cast('00:00:00' as time),
  cast('ffffffff-ffff-ffff-ffff-ffffffffffff' as uuid), cast('"x"' as json), interval '-1 day'
union all select 4, true, 0, 0, 99999999999999999999999999999999.999999, 9999999.99, cast(1e-30 as real), cast(5e-324 as double precision),
  concat('=1+1', chr(10), '_x0041_', chr(7), chr(13), chr(10), ' 😀 <&> '), date '1900-02-28', timestamp '1900-03-01 12:00:00',
  timestamptz '2000-01-01 00:00:00+00', cast('12:00:00' as time), cast('00000000-0000-0000-0000-000000000002' as uuid),
  cast('[]' as json), interval '25 hours'
union all select 5, true, 1, 1234567890123456, 1, 1, cast(1 as real), cast(0.30000000000000004 as double precision), '\\N',
  date '9999-12-31', timestamp '1899-12-31 23:59:59', timestamptz '9999-12-31 23:59:59.999999+00', cast('00:00:00.000001' as time),
  cast('00000000-0000-0000-0000-000000000003' as uuid), cast('{}' as json), interval '1.5 seconds'`

const OWN: { readonly [engine: string]: string } = {
  duckdb: `cast(case id when 2 then null else '\\xAA\\x00'::blob end as blob) as bytes,
  case id when 2 then null else [1, null, id] end as list, case id when 2 then null else {'a': id, 'b c': 'x'} end as struct,
  case id when 2 then null else 170141183460469231731687303715884105 end::hugeint as huge,
  case id when 2 then null else 18446744073709551615 end::ubigint as unsigned,
  case id when 2 then null else 'x' end::enum('x', 'y') as choice, case id when 2 then null else '10:00:00+02' end::timetz as ztime`,
  postgres: `case id when 2 then null else '\\xaa00'::bytea end as bytes,
  case id when 2 then null else array[1, null, id] end as list, case id when 2 then null else array[array['x', null], array['y', '{}']] end as struct,
  case id when 2 then null else 170141183460469231731687303715884105::numeric(38, 0) end::numeric(38, 0) as huge,
  case id when 2 then null else 1.50::numeric end as unbounded, case id when 2 then null else '10.0.0.1'::inet end as choice,
  case id when 2 then null else '10:00:00+02'::timetz end as ztime`,
}

/** A model with every kind of column of an engine: extremes, nulls, and text that formats take for something else. */
export function everyType(engine: string): string {
  return `select id, flag, cast(small as smallint) as small, big, cast(wide as decimal(38, 6)) as wide,
  cast(price as decimal(9, 2)) as price, single, precise, words, day, moment, zoned, clock, ident, doc, span, ${OWN[engine]}
from (${COMMON}) as common`
}
