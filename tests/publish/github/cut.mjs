// Cuts GitHub's description of its REST API down to what credlint calls, and makes it stricter than GitHub is: Prism
// then finds in a request what GitHub would silently ignore, or refuses only in its prose.
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-*.tgz
//   node cut.mjs package/generated/api.github.com.json api.json
//
// The description is GitHub's own (https://github.com/github/rest-api-description), under the MIT licence.
import { readFileSync, writeFileSync } from 'node:fs'

const REPO = '/repos/{owner}/{repo}'
const CALLS = {
  '/user': ['get'],
  [`${REPO}/check-runs`]: ['post'],
  [`${REPO}/check-runs/{check_run_id}`]: ['get', 'patch'],
  [`${REPO}/commits/{ref}/check-runs`]: ['get'],
  [`${REPO}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${REPO}/issues/comments/{comment_id}`]: ['patch'],
  [`${REPO}/pulls/{pull_number}`]: ['get'],
  [`${REPO}/pulls/{pull_number}/files`]: ['get'],
  [`${REPO}/pulls/{pull_number}/reviews`]: ['post'],
  [`${REPO}/pulls/{pull_number}/comments`]: ['get', 'post'],
  [`${REPO}/pulls/comments/{comment_id}`]: ['patch'],
  [`${REPO}/code-scanning/sarifs`]: ['post'],
  [`${REPO}/code-scanning/sarifs/{sarif_id}`]: ['get'],
}

const [source, target] = process.argv.slice(2)
const whole = JSON.parse(readFileSync(source, 'utf8'))
const cut = { openapi: whole.openapi, info: whole.info, servers: whole.servers, paths: {}, components: {} }

const steps = (reference) => reference.slice(2).split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
const lookup = (document, reference) => steps(reference).reduce((node, step) => node[step], document)
const resolved = (node) => (node?.$ref ? resolved(lookup(cut, node.$ref)) : node)

const taken = new Set()
function take(node) {
  if (node === null || typeof node !== 'object') return
  if (typeof node.$ref === 'string' && !taken.has(node.$ref)) {
    taken.add(node.$ref)
    const path = steps(node.$ref)
    const last = path.pop()
    const value = lookup(whole, node.$ref)
    path.reduce((place, step) => (place[step] ??= {}), cut)[last] = value
    take(value)
  }
  Object.values(node).forEach(take)
}

for (const [path, methods] of Object.entries(CALLS)) {
  const { parameters } = whole.paths[path]
  cut.paths[path] = parameters ? { parameters } : {}
  for (const method of methods) cut.paths[path][method] = whole.paths[path][method]
}
take(cut.paths)

// Only the kinds of fields that a program acts on: no prose, so that the file stays small.
function withoutProse(node, key) {
  if (node === null || typeof node !== 'object') return
  if (!Array.isArray(node) && key !== 'properties' && key !== 'examples') {
    for (const prose of ['description', 'externalDocs', 'x-github', 'title', 'summary']) {
      if (typeof node[prose] !== 'object' || prose === 'externalDocs' || prose === 'x-github') delete node[prose]
    }
  }
  for (const [name, value] of Object.entries(node)) if (name !== 'example' && name !== 'examples' && name !== 'value') withoutProse(value, name)
}

function close(schema, seen = new Set()) {
  schema = resolved(schema)
  if (!schema || seen.has(schema)) return
  seen.add(schema)
  const open = schema.additionalProperties === undefined
  if (schema.properties && open && !schema.oneOf && !schema.allOf) schema.additionalProperties = false
  Object.values(schema.properties ?? {}).forEach((property) => close(property, seen))
  close(schema.items, seen)
}

const body = (path, method) => cut.paths[path][method].requestBody.content['application/json'].schema
for (const operations of Object.values(cut.paths)) {
  for (const operation of Object.values(operations)) {
    if (!operation.responses) continue
    for (const [status, response] of Object.entries(operation.responses)) {
      // Prism answers 406 to a client that asks for GitHub's own media type, unless it is named.
      const content = resolved(response).content
      if (content?.['application/json']) content['application/vnd.github+json'] ??= content['application/json']
      // Without these Prism says itself which field of a request is wrong.
      if (status === '400' || status === '422') delete operation.responses[status]
    }
    const schema = operation.requestBody?.content?.['application/json']?.schema
    if (schema) close(schema)
  }
}

// What the description says in prose alone.
body(`${REPO}/check-runs`, 'post').anyOf = [
  { required: ['conclusion'] },
  { not: { required: ['status'], properties: { status: { enum: ['completed'] } } } },
]
for (const [path, method] of [[`${REPO}/check-runs`, 'post'], [`${REPO}/check-runs/{check_run_id}`, 'patch']]) {
  const fields = body(path, method).properties.output.properties.annotations.items.properties
  fields.path.pattern = '^(?!/|\\./|.*\\\\)'
  fields.start_line.minimum = 1
  fields.end_line.minimum = 1
  fields.message.maxLength = 65536
  fields.title.maxLength = 255
}
const draft = body(`${REPO}/pulls/{pull_number}/reviews`, 'post').properties.comments.items.properties
for (const side of [draft.side, draft.start_side]) side.enum = ['LEFT', 'RIGHT']
draft.body.maxLength = 65536
body(`${REPO}/issues/{issue_number}/comments`, 'post').properties.body.maxLength = 65536

// An example of GitHub's that its own schema refuses.
for (const content of Object.values(cut.paths[`${REPO}/pulls/{pull_number}`].get.responses['200'].content)) content.schema = { type: 'object' }

withoutProse(cut.paths)
withoutProse(cut.components)
cut.info = { title: whole.info.title, version: whole.info.version, license: whole.info.license }
writeFileSync(target, JSON.stringify(cut, null, 1) + '\n')
