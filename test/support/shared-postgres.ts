/** One PostgreSQL for all test files: prints its address, and ends when its input does. For test/run.sh. */
import { startCluster } from './postgres-cluster.ts'

const cluster = await startCluster()
process.stdout.write(`${cluster.url}\n`)
process.stdin.resume()
process.stdin.once('end', () => {
  void cluster.stop()
})
