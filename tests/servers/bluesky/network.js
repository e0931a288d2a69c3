// Starts a whole Bluesky network on the ports given as JSON in the first argument and says so in one line.
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
  process.on('SIGTERM', () => process.exit(0)) // nothing is worth keeping, so nothing is closed in order
  process.stdout.write(
    JSON.stringify({ ready: true, pds: network.pds.url, plc: network.plc.url, appview: network.bsky.url }) + '\n',
  )
}

start(JSON.parse(process.argv[2])).catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
