// A mock of one webhook as a developer would write it by hand: fastify's ajv judges the
// body, the token is compared, messages are remembered by chat and the last requests kept.
// node fastify.mjs ROUTE SCHEMA TOKEN HOST PORT
import Fastify from 'fastify'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const [route, schema, token, host, port] = process.argv.slice(2)
const keptRequests = 5000 // as many as Parley's journal has by default

// inlined puts schemas of other files where they are referred to, and leaves out what ajv does not know.
async function inlined (file) {
  const inline = async (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(inline))
    if (value === null || typeof value !== 'object') return value
    if (typeof value.$ref === 'string') return inlined(join(dirname(file), value.$ref))
    const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-') && key !== '$schema' && key !== '$id')
    return Object.fromEntries(await Promise.all(entries.map(async ([key, member]) => [key, await inline(member)])))
  }
  return inline(JSON.parse(await readFile(file, 'utf8')))
}

const chats = new Map()
const journal = new Array(keptRequests)
let count = 0

const app = Fastify({ logger: false, ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } })
app.get('/_parley/health', async () => '')
app.post(route, { schema: { body: await inlined(schema) } }, async (request, reply) => {
  const { body } = request
  journal[count++ % keptRequests] = { time: new Date(), method: request.method, url: request.url, headers: request.headers, body }
  if (body.token !== token) return reply.code(401).send()
  const { externalChatId: chat, externalMessageId: id } = body.data
  if (!chats.has(chat)) chats.set(chat, new Map())
  chats.get(chat).set(id, body.data)
  return reply.code(200).send()
})
await app.listen({ host, port: Number(port) })
