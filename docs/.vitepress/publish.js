import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { listPages, sidebar } from './sidebar.js'

const docs = join(import.meta.dirname, '..')

/** Writes what the book has beside its pages, and checks the fragments of its links. */
export function publish({ outDir }) {
  checkFragments(outDir)
  writeIndexForModels(outDir)
}

/** Writes llms.txt and the Markdown of the pages to which it refers. See https://llmstxt.org. */
function writeIndexForModels(outDir) {
  const lines = [
    '# KeysCluster',
    '',
    '> Issues, rotates, revokes and validates virtual keys. A replaced secret works until its own deadline, and no',
    '> process accepts a key after its revoke has returned 200.',
    '',
  ]
  for (const part of sidebar) {
    lines.push(`## ${part.text}`, '')
    for (const page of listPages(part.items).filter(({ link }) => !link.includes('#'))) {
      const name = `${page.link.slice(1)}${page.link.endsWith('/') ? 'index' : ''}.md`
      const source = page.link.endsWith('/') ? join(docs, page.link, 'README.md') : join(docs, name)
      mkdirSync(dirname(join(outDir, name)), { recursive: true })
      copyFileSync(source, join(outDir, name))
      lines.push(`- [${page.text}](/${name})`)
    }

    lines.push('')
  }

  writeFileSync(join(outDir, 'llms.txt'), lines.join('\n'))
}

/** VitePress checks that the page of a link exists, but not that it has the heading. */
function checkFragments(outDir) {
  const pages = readdirSync(outDir, { recursive: true }).filter((name) => name.endsWith('.html'))
  const html = new Map(pages.map((name) => [name, readFileSync(join(outDir, name), 'utf8')]))
  const ids = new Map([...html].map(([name, text]) =>
    [name, new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]))]))
  const dead = []
  for (const [name, text] of html) {
    for (const [, path, fragment] of text.matchAll(/<a\b[^>]*? href="([^"#:]*)#([^"]+)"/g)) {
      const target = getFile(path, name)
      const exists = existsSync(join(outDir, target)) && ids.get(target)?.has(decodeURIComponent(fragment))
      if (!exists && fragment !== 'VPContent') dead.push(`${name}: ${path}#${fragment}`)
    }
  }

  if (dead.length > 0) throw new Error(`Links to headings that do not exist:\n${dead.join('\n')}`)
}

function getFile(path, from) {
  if (path === '') return from
  const file = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
  if (file === '' || file.endsWith('/')) return `${file}index.html`
  return file.endsWith('.html') ? file : `${file}.html`
}
