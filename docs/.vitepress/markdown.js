import { repositoryLinks } from './links.js'

/** Returns the id of a heading as GitHub computes it, so that a link works there and in the book. */
export function slugify(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replace(/ /g, '-')
}

export function configureMarkdown(md) {
  md.use(repositoryLinks)
  md.use(diagrams)
  md.use(untestedSnippets)
}

/** Diagrams are drawn in the browser, by a script of the book. */
function diagrams(md) {
  const renderFence = md.renderer.rules.fence
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index]
    if (token.info.trim() !== 'mermaid') return renderFence(tokens, index, ...rest)
    return `<MermaidDiagram source="${encodeURIComponent(token.content)}" />`
  }
}

/** Shows the reason why no test runs a snippet. */
function untestedSnippets(md) {
  md.core.ruler.push('untested-snippets', (state) => {
    for (const token of state.tokens) {
      if (token.type !== 'html_block') continue
      const reason = token.content.match(/^<!-- not run: (.*?) -->\s*$/s)?.[1]
      if (reason) token.content = `<p class="not-run">Not run by a test: ${state.md.utils.escapeHtml(reason)}</p>\n`
    }
  })
}
