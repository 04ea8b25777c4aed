import { DAY, isoTime } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import { type Scope, sizes } from '../scope.ts'
import { campaigns } from './campaigns.ts'
import { customerId, customersBefore } from './customers.ts'
import { timeAtShare } from './periods.ts'
import { productId } from './products.ts'

export type EventType = 'page_view' | 'search' | 'product_view' | 'add_to_cart' | 'checkout' | 'purchase'

export interface ClickEvent {
  readonly id: string
  readonly sessionId: string
  /** With leading zeros. */
  readonly visitorId: string
  readonly customerId: string | null
  /** Seconds since 1970, UTC. */
  readonly at: number
  readonly type: EventType
  readonly page: string
  readonly productId: bigint | null
  readonly campaignCode: string | null
  readonly device: 'desktop' | 'mobile' | 'tablet'
  readonly properties: Readonly<Record<string, string | number>>
}

const STEPS: readonly EventType[] = ['page_view', 'search', 'product_view', 'add_to_cart', 'checkout', 'purchase']

const SEARCHES = ['red shoes, size 42', 'tv 55"', 'café crème', 'books\nfor children', 'yoga; mat']

/** Events in sessions of one to ten, oldest session first; exactly as many as the scope asks for. */
export function* clickEvents(scope: Scope): Iterable<ClickEvent> {
  const total = sizes(scope).events
  const codes = campaigns(scope)
  let made = 0
  for (let session = 0; made < total; session++) {
    const random = new Random(scope.seed, 'session', session)
    const length = Math.min(random.int(1, 10), total - made)
    let at = timeAtShare((made + random.next()) / total)
    const day = Math.floor(at / DAY)
    const running = codes.filter((campaign) => campaign.startDay <= day && day <= campaign.endDay)
    const shared = {
      sessionId: `s${String(session + 1).padStart(7, '0')}`,
      visitorId: String(random.int(1, 9_000 * scope.scale)).padStart(9, '0'),
      customerId: random.chance(0.4) ? customerId(random.int(0, customersBefore(day, scope) - 1)) : null,
      campaignCode: random.chance(0.5) && running.length > 0 ? random.pick(running).code : null,
      device: random.pick(['mobile', 'mobile', 'desktop', 'desktop', 'tablet'] as const),
    }
    let step = 0
    for (let i = 0; i < length; i++) {
      if (i > 0 && random.chance(0.6)) step = Math.min(step + 1, STEPS.length - 1)
      const type = STEPS[step] as EventType
      made += 1
      yield { id: `e${String(made).padStart(9, '0')}`, ...shared, at, type, ...target(type, random, scope) }
      at += random.int(3, 240)
    }
  }
}

function target(type: EventType, random: Random, scope: Scope) {
  if (type === 'search') return { page: '/search', productId: null, properties: { q: random.pick(SEARCHES) } }
  if (type === 'product_view' || type === 'add_to_cart') {
    const product = productId(random.int(0, sizes(scope).products - 1))
    return { page: `/p/${product}`, productId: product, properties: { position: random.int(1, 24) } }
  }
  const page = type === 'page_view' ? random.pick(['/', '/sale', '/new']) : `/${type}`
  return { page, productId: null, properties: {} }
}

const COLUMNS =
  'event_id,session_id,visitor_id,customer_id,occurred_at,event_type,page,product_id,campaign_code,device,properties'

function line(event: ClickEvent): string {
  return delimited([
    event.id,
    event.sessionId,
    event.visitorId,
    event.customerId ?? 'not_available',
    isoTime(event.at),
    event.type,
    event.page,
    event.productId ?? '-',
    event.campaignCode,
    event.device,
    JSON.stringify(event.properties),
  ])
}

/** Half-years by the event's time. The first file was cut off in transit, in the middle of a record that it had sent before. */
export function clickstreamFiles(scope: Scope): readonly DataFile[] {
  return HALF_YEARS.map(({ name, from, to }, index) => ({
    path: `shop/clickstream_${name}.csv.gz`,
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: index !== 0,
    *lines() {
      yield* header(COLUMNS)
      for (const event of clickEvents(scope)) {
        const at = isoTime(event.at)
        if (from <= at && at < to) yield* eventLines(event)
      }
      if (index === 0) yield { text: 'e000000001,s0000001,"/sea', fate: 'quarantined' }
    },
  }))
}

const HALF_YEARS = [
  { name: '2023-H1', from: '2023-01-01', to: '2023-07-01' },
  { name: '2023-H2', from: '2023-07-01', to: '2024-01-01' },
  { name: '2024-H1', from: '2024-01-01', to: '2024-07-01' },
  // Sessions that begin in the last minutes of the year end in the next.
  { name: '2024-H2', from: '2024-07-01', to: '2026-01-01' },
]

/** Delivered at least once: some events come twice. */
function* eventLines(event: ClickEvent): Iterable<Line> {
  const text = line(event)
  const number = Number(event.id.slice(1))
  if (number % 5_000 === 2_500) yield { text: text.replace(isoTime(event.at), '1700000000'), fate: 'quarantined' }
  yield { text, fate: 'accepted' }
  if (number % 250 === 100) yield { text, fate: 'duplicate' }
}
