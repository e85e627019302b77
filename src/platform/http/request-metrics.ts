/** How many requests were answered, with what status and how fast, by route pattern: never by address or person. */

/** Upper bounds in seconds, as Prometheus wants them. */
const BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export type RequestMetrics = {
  /** Counts one answer. `route` is the pattern, such as `/pharmacies/:odsCode`. */
  observe(answer: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly durationMs: number
  }): void
  /** Everything so far as Prometheus text. */
  render(): string
}

type Series = { readonly labels: string; readonly buckets: number[]; count: number; sumSeconds: number }

/** An empty set of counters, kept for the life of the process. */
export function createRequestMetrics(): RequestMetrics {
  const byKey = new Map<string, Series>()
  const seriesOf = (method: string, route: string, status: number): Series => {
    const key = `${method} ${route} ${status}`
    const known = byKey.get(key)
    if (known) return known
    const labels = `method="${method}",route="${escapeLabel(route)}",status="${status}"`
    const fresh = { labels, buckets: BUCKETS_SECONDS.map(() => 0), count: 0, sumSeconds: 0 }
    byKey.set(key, fresh)
    return fresh
  }
  return {
    observe({ method, route, status, durationMs }) {
      const series = seriesOf(method, route, status)
      const seconds = durationMs / 1000
      series.count += 1
      series.sumSeconds += seconds
      const bucket = BUCKETS_SECONDS.findIndex((bound) => seconds <= bound)
      if (bucket >= 0) series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1
    },
    render: () =>
      [
        '# HELP signpost_http_request_duration_seconds Time to answer a request, by route pattern.',
        '# TYPE signpost_http_request_duration_seconds histogram',
        ...[...byKey.values()].flatMap(linesOf),
        '',
      ].join('\n'),
  }
}

/** Buckets are counted one by one and shown as Prometheus wants them: each with all that are faster. */
function linesOf({ labels, buckets, count, sumSeconds }: Series): string[] {
  const name = 'signpost_http_request_duration_seconds'
  let faster = 0
  const lines = BUCKETS_SECONDS.map((bound, index) => {
    faster += buckets[index] ?? 0
    return `${name}_bucket{${labels},le="${bound}"} ${faster}`
  })
  return [
    ...lines,
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sumSeconds.toFixed(6)}`,
    `${name}_count{${labels}} ${count}`,
  ]
}

const escapeLabel = (text: string): string => text.replace(/["\\\n]/g, '\\$&')
