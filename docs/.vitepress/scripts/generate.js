// Writes docs/reference/endpoints.md from the OpenAPI document. Runs before each build of the book.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const docs = join(import.meta.dirname, '..', '..')
const api = JSON.parse(readFileSync(join(docs, 'openapi', 'v1.json'), 'utf8'))

const lines = [
  '# Endpoints',
  '',
  'This page is generated from the OpenAPI document, which each silo and front end serves at `/openapi/v1.json`.',
  '[API](../api.md) explains the rules that all endpoints have in common, and [Errors](errors.md) the error codes.',
  '',
]

const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })))
for (const tag of new Set(operations.flatMap((operation) => operation.tags))) {
  lines.push(`## ${tag}`, '')
  for (const operation of operations.filter(({ tags }) => tags.includes(tag))) writeOperation(operation)
}

lines.push('## Objects', '')
for (const [name, schema] of Object.entries(api.components.schemas).sort()) writeSchema(name, schema)
writeFileSync(join(docs, 'reference', 'endpoints.md'), `${lines.join('\n')}\n`)

function writeOperation(operation) {
  lines.push(`### ${operation.summary}`, '', '```http', `${operation.method} ${operation.path}`, '```', '')
  if (operation.description) lines.push(escape(operation.description), '')
  if (operation.parameters?.length > 0) {
    lines.push('| Parameter | In | Type | Meaning |', '|---|---|---|---|')
    for (const parameter of operation.parameters) {
      const name = `\`${parameter.name}\`${parameter.required ? ', required' : ''}`
      lines.push(`| ${name} | ${parameter.in} | ${describe(parameter.schema)} | ${cell(parameter.description)} |`)
    }

    lines.push('')
  }

  const body = operation.requestBody?.content['application/json']
  if (body) lines.push(`**Body**: ${describe(body.schema)}.`, '')
  writeExample(body)
  const answers = Object.entries(operation.responses)
  const success = answers.filter(([status]) => status < '300')
  for (const [status, response] of success) {
    const content = response.content?.['application/json']
    lines.push(`**Response ${status}**${content ? `: ${describe(content.schema)}` : ''}.`, '')
    writeExample(content)
  }

  const failures = answers.filter(([status]) => status >= '400').map(([status]) => status)
  if (failures.length > 0) lines.push(`**Errors**: ${failures.join(', ')}.`, '')
}

function writeExample(content) {
  const example = content?.example ?? Object.values(content?.examples ?? {})[0]?.value
  if (example) lines.push('```json', JSON.stringify(example, null, 2), '```', '')
}

function writeSchema(name, schema) {
  lines.push(`### ${name}`, '')
  if (schema.description) lines.push(escape(schema.description), '')
  if (schema.enum) lines.push(`One of ${schema.enum.map((value) => `\`${value}\``).join(', ')}.`, '')
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return
  lines.push('| Member | Type | Meaning |', '|---|---|---|')
  for (const [member, property] of properties) {
    const required = schema.required?.includes(member) && name.endsWith('Request') ? ', required' : ''
    lines.push(`| \`${member}\`${required} | ${describe(property)} | ${cell(property.description)} |`)
  }

  lines.push('')
}

/** Returns the type of a schema in words, with a link to the object if it has a name. */
function describe(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)
    return `[${name}](#${name.toLowerCase()})`
  }

  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives) return alternatives.map(describe).join(' or ')
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.items) return `list of ${describe(schema.items)}`
  const types = [schema.type ?? 'any'].flat()
  return types.join(' or ') + (schema.format ? ` (${schema.format})` : '')
}

function cell(text) {
  return escape(text ?? '').replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ')
}

/** Keeps text that looks like a tag or an expression from being one. */
function escape(text) {
  return text.split(/(`[^`]*`)/).map((part) => part.startsWith('`') ? part
    : part.replace(/</g, '&lt;').replace(/\{\{/g, '&#123;&#123;')).join('')
}
