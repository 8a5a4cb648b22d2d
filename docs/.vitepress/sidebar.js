import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const docs = join(import.meta.dirname, '..')

/** The pages of the book in their order. llms.txt is made from them too. */
export const sidebar = [
  {
    text: 'Tutorial',
    items: [{ text: 'A rotated key in five minutes', link: '/tutorial' }],
  },
  {
    text: 'How-to guides',
    items: [
      { text: 'Protect an ASP.NET Core API', link: '/how-to/aspnet' },
      { text: 'Protect an Express app', link: '/how-to/express' },
      { text: 'Protect anything behind nginx', link: '/how-to/nginx' },
      { text: 'Respond to a leaked key', link: '/how-to/leak' },
      { text: 'Use the console', link: '/how-to/console' },
      { text: 'Receive webhooks', link: '/how-to/webhooks' },
      { text: 'Import a table of hashes', link: '/how-to/import' },
      { text: 'Move from LangWatch', link: '/how-to/langwatch' },
      { text: 'Move from embedded to a cluster', link: '/how-to/embedded-to-cluster' },
      { text: 'Move from Unkey', link: '/how-to/unkey' },
      { text: 'Renew certificates', link: '/how-to/certificates' },
      { text: 'Upgrade', link: '/how-to/upgrade' },
      { text: 'Back up and restore', link: '/how-to/restore' },
    ],
  },
  {
    text: 'Operations',
    items: [
      { text: 'Overview', link: '/operations' },
      { text: 'Deploy', link: '/operations/deployment' },
      { text: 'Guarantees and their cost', link: '/operations/guarantees' },
      { text: 'Failures', link: '/operations/failures' },
      { text: 'Find faults with the doctor', link: '/operations/doctor' },
      { text: 'Monitoring', link: '/operations/monitoring' },
      { text: 'Audit', link: '/operations/audit' },
      { text: 'Database roles', link: '/operations/database-roles' },
      { text: 'Admin keys', link: '/operations/admin-keys' },
      { text: 'Peppers', link: '/operations/peppers' },
      { text: 'PostgreSQL failover', link: '/operations/failover' },
      { text: 'Backup and restore', link: '/operations/restore' },
      { text: 'Upgrading', link: '/operations/upgrading' },
      { text: 'Network and TLS', link: '/operations/network' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'API', link: '/api' },
      { text: 'Endpoints', link: '/reference/endpoints' },
      { text: 'Errors', link: '/reference/errors' },
      { text: 'Settings', link: '/configuration' },
      { text: 'Metrics', link: '/operations/metrics' },
      { text: 'Alerts', link: '/operations/alerts' },
      { text: 'Log events', link: '/operations/log-events' },
      { text: 'Events', link: '/reference/events' },
      { text: 'Webhooks', link: '/reference/webhooks' },
      { text: 'Command line', link: '/reference/cli' },

      // Written from the help of the commands.
      ...(existsSync(join(docs, 'cli.md')) ? [{ text: 'Options of every command', link: '/cli' }] : []),
    ],
  },
  {
    text: 'Explanation',
    items: [
      { text: 'Guarantees', link: '/explanation/guarantees' },
      { text: 'Leases and invalidation', link: '/explanation/leases' },
      { text: 'Why not a JWT?', link: '/explanation/jwt' },
      { text: 'Comparison', link: '/explanation/comparison' },
      { text: 'Questions and answers', link: '/explanation/faq' },
      { text: 'Architecture', link: '/architecture' },
      { text: 'Decisions', link: '/adr/', collapsed: true, items: listDecisions() },
      {
        text: 'Measurements',
        collapsed: true,
        items: [
          { text: 'Benchmarks', link: '/benchmarks/report' },
          { text: 'Profile', link: '/benchmarks/profile' },
          { text: 'History checker', link: '/cluster/history-report' },
          { text: 'Soak test', link: '/cluster/soak-report' },
          { text: 'Findings', link: '/cluster/findings' },
          { text: 'Planted bugs', link: '/cluster/planted-bugs' },
        ],
      },
    ],
  },
]

/** Returns the entries with a page, those of nested lists too. */
export function listPages(items) {
  return items.flatMap((item) => [...(item.link ? [item] : []), ...listPages(item.items ?? [])])
}

function listDecisions() {
  return readdirSync(join(docs, 'adr'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort()
    .map((name) => ({
      text: readFileSync(join(docs, 'adr', name), 'utf8').match(/^# (.*)$/m)[1],
      link: `/adr/${name.slice(0, -'.md'.length)}`,
    }))
}
