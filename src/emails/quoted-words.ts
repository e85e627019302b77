/** What somebody wrote, marked line by line, so that it cannot pass for what we say. Empty stays empty. */
export const quoted = (text: string): string =>
  text.trim() === ''
    ? ''
    : text
        .trim()
        .split(/\r\n|\r|\n|\u2028|\u2029/)
        .map((line) => `> ${line}`)
        .join('\n')
