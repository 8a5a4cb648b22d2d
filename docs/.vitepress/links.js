import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const docs = join(import.meta.dirname, '..')
const repository = join(docs, '..')

/**
 * A plugin of markdown-it for links to files of the repository that are no pages of the book. The book may be published
 * without the repository, so it shows the path of the file in place of a link. A file that does not exist fails the
 * build, as a dead link within the book does.
 */
export function repositoryLinks(md) {
  md.core.ruler.push('repository-links', (state) => {
    for (const token of state.tokens) {
      if (token.type === 'inline') replaceLinks(state, token.children)
    }
  })
}

function replaceLinks(state, tokens) {
  let isOpen = false
  tokens.forEach((token, index) => {
    if (token.type === 'link_open') {
      const target = resolve(token.attrGet('href'), state.env.relativePath)
      if (target === undefined) return
      if (target.page) {
        token.attrSet('href', target.page)
        return
      }

      const title = state.md.utils.escapeHtml(target.file)
      tokens[index] = createHtml(state, `<span class="repository-file" title="${title}">`)
      isOpen = true
    } else if (token.type === 'link_close' && isOpen) {
      tokens[index] = createHtml(state, '</span>')
      isOpen = false
    }
  })
}

/** Returns nothing for links that VitePress handles: those to pages of the book, and to other sites. */
function resolve(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return undefined
  const [path, fragment] = href.split('#')
  const file = join(docs, dirname(page), decodeURI(path))
  const isInBook = !relative(docs, file).startsWith('..')
  if (isInBook && path.endsWith('.md') && !path.endsWith('README.md')) return undefined
  if (!existsSync(file)) throw new Error(`Dead link in ${page}: ${href}`)

  const readme = path.endsWith('README.md') ? file : join(file, 'README.md')
  if (isInBook && existsSync(readme) && (readme === file || statSync(file).isDirectory())) {
    return { page: `/${relative(docs, dirname(readme))}/${fragment ? `#${fragment}` : ''}` }
  }

  return { file: relative(repository, file) }
}

function createHtml(state, content) {
  const token = new state.Token('html_inline', '', 0)
  token.content = content
  return token
}
