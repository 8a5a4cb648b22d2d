import { defineConfig } from 'vitepress'
import { configureMarkdown, slugify } from './markdown.js'
import { publish } from './publish.js'
import { sidebar } from './sidebar.js'

export default defineConfig({
  title: 'KeysCluster',
  description: 'Issues, rotates, revokes and validates virtual keys.',
  lang: 'en',
  rewrites: { 'adr/README.md': 'adr/index.md' },
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    anchor: { slugify },
    config: configureMarkdown,
  },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'How-to guides', link: '/how-to/aspnet' },
      { text: 'Reference', link: '/api' },
      { text: 'Explanation', link: '/explanation/guarantees' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
  vite: { build: { chunkSizeWarningLimit: 1000 } },
  buildEnd: publish,
})
