/** News as RSS 2.0 and as JSON Feed 1.1. */
import { XMLBuilder } from 'fast-xml-parser'
import type { NewsItem } from './news.ts'

export type Feed = {
  readonly title: string
  readonly description: string
  /** The page for people, and where this document is. */
  readonly pageUrl: string
  readonly feedUrl: string
  readonly items: readonly NewsItem[]
  /** The page of a pharmacy. */
  readonly pageOf: (odsCode: string) => string
}

const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true })

/** `application/rss+xml`. */
export function rssOf({ title, description, pageUrl, feedUrl, items, pageOf }: Feed): string {
  return builder.build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    rss: {
      '@_version': '2.0',
      '@_xmlns:atom': 'http://www.w3.org/2005/Atom',
      channel: {
        title,
        link: pageUrl,
        description,
        language: 'en-GB',
        'atom:link': { '@_href': feedUrl, '@_rel': 'self', '@_type': 'application/rss+xml' },
        item: items.map(({ id, odsCode, title: itemTitle, text, at }) => ({
          title: withoutControls(itemTitle),
          link: pageOf(odsCode),
          guid: { '@_isPermaLink': 'false', '#text': id },
          pubDate: at.toUTCString(),
          description: asHtml(withoutControls(text)),
        })),
      },
    },
  })
}

/** `application/feed+json`. */
export function jsonFeedOf({ title, description, pageUrl, feedUrl, items, pageOf }: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    description,
    home_page_url: pageUrl,
    feed_url: feedUrl,
    language: 'en-GB',
    items: items.map(({ id, odsCode, title: itemTitle, text, at }) => ({
      id,
      url: pageOf(odsCode),
      title: itemTitle,
      content_text: text,
      date_published: at.toISOString(),
    })),
  })
}

/** XML has no way to write most control characters. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{C}\n\t]/gu, '')

/** A description is read as HTML, so what a person wrote is escaped for that too. */
const asHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
