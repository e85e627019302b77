import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type TestContext, test } from 'node:test'

const FOLDER = resolve(import.meta.dirname, '../../../shared/data')

/** The path of a file of published open data that lies beside the repository; undefined where it is not there. */
export function sharedDataPath(name: string): string | undefined {
  const path = resolve(FOLDER, name)
  return existsSync(path) ? path : undefined
}

/** A test on published open data. It says that it was skipped where the data does not lie beside the repository. */
export function testOnSharedData(file: string, name: string, check: (text: string, t: TestContext) => void): void {
  const path = sharedDataPath(file)
  test(name, path ? {} : { skip: `${file} is not beside the repository, in ../shared/data` }, (t) => {
    if (path) check(readFileSync(path, 'utf8'), t)
  })
}
