import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { FOOTER_LINKS } from './footer-pages.ts'

let db: OpenDb
let started: StartedApp
before(async () => {
  db = await openDb({ ...(await pageDatabase()), log: testLog })
  started = await startApp(db)
})
after(async () => {
  await started.close()
  await db.close()
})

for (const { href } of [...FOOTER_LINKS, { href: '/help/what-moved' }, { href: '/help/service-names' }]) {
  test(`${href} is a page, sets no cookie, and links to pages that exist`, async () => {
    const page = await started.app.inject(href)
    assert.equal(page.statusCode, 200)
    assert.equal(page.headers['set-cookie'], undefined)
    const text = page.body.slice(page.body.indexOf('<main'), page.body.indexOf('</main>'))
    const links = [...text.matchAll(/href="(\/[^"#]*)"/g)].map(([, link = '']) => link)
    for (const link of new Set(links)) {
      const { statusCode } = await started.app.inject(link)
      assert.ok(statusCode < 400, `${link} on ${href} answers ${statusCode}`)
    }
  })
}

const names: [name: string, words: RegExp, because: string][] = [
  ['CPCS++', /is Pharmacy First/, 'the last name before Pharmacy First'],
  ['pharm +', /is Pharmacy First/, 'case and blanks do not matter'],
  ['SRV0560', /is NHS Blood Pressure Check/, 'a code of the list'],
  ['x'.repeat(100), /<p class="signpost-breakable">We do not know/, 'a long word does not widen a narrow screen'],
  ['<b>haircut</b>', /We do not know a service called “&lt;b&gt;haircut/, 'nothing, and markup stays text'],
]
for (const [name, words, because] of names) {
  test(`“${name}” is looked up among old names: ${because}`, async () => {
    const page = await started.app.inject(`/help/service-names?name=${encodeURIComponent(name)}`)
    assert.match(page.body.replaceAll(/<\/?strong>/g, ''), words)
  })
}

for (const old of ['/profile-editor', '/profile-editor/', '/dos-profile-updater/fz001/opening-times']) {
  test(`${old} leads on for good`, async () => {
    const answer = await started.app.inject(old)
    assert.equal(answer.statusCode, 301)
    assert.match(String(answer.headers.location), /^\/manage/)
  })
}
