import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestMetrics } from './request-metrics.ts'

test('an answer is counted in its bucket and in every slower one', () => {
  const metrics = createRequestMetrics()
  metrics.observe({ method: 'GET', route: '/pharmacies/:odsCode', status: 200, durationMs: 7 })
  metrics.observe({ method: 'GET', route: '/pharmacies/:odsCode', status: 200, durationMs: 30_000 })
  const text = metrics.render()
  const labels = 'method="GET",route="/pharmacies/:odsCode",status="200"'
  for (const [line, because] of [
    [`_bucket{${labels},le="0.005"} 0`, '7 ms is slower than 5 ms'],
    [`_bucket{${labels},le="0.01"} 1`, '7 ms is faster than 10 ms'],
    [`_bucket{${labels},le="10"} 1`, 'the half minute is slower than every bound'],
    [`_bucket{${labels},le="+Inf"} 2`, 'both were answered'],
    [`_sum{${labels}} 30.007000`, 'seconds, not milliseconds'],
    [`_count{${labels}} 2`, 'both were answered'],
  ]) {
    assert.ok(text.includes(`signpost_http_request_duration_seconds${line}`), `${because}: ${line}`)
  }
})

test('a quotation mark in a route cannot end its label', () => {
  const metrics = createRequestMetrics()
  metrics.observe({ method: 'GET', route: '/a"b', status: 200, durationMs: 1 })
  assert.match(metrics.render(), /route="\/a\\"b"/)
})
