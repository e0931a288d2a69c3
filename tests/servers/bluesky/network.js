// Starts a whole Bluesky network on the ports given as JSON in the first argument, says so in one line,
// and ends when asked to or when the process that started it is gone (its end of the pipe closes).
'use strict'

const { TestNetwork } = require('@atproto/dev-env')

async function start(ports) {
  const network = await TestNetwork.create({
    plc: { port: ports.plc },
    pds: { port: ports.pds, hostname: 'localhost', enableDidDocWithSession: true },
    bsky: {
      port: ports.appview,
      dbPostgresSchema: 'bsky',
      publicUrl: `http://localhost:${ports.appview}`,
    },
    ozone: { port: ports.moderation },
  })
  let isEnding = false
  const end = async () => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(0), 3000).unref()
    await network.close().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.stdin.on('end', end)
  process.stdin.resume()
  process.stdout.write(
    JSON.stringify({ ready: true, pds: network.pds.url, plc: network.plc.url, appview: network.bsky.url }) + '\n',
  )
}

start(JSON.parse(process.argv[2])).catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
