// Preloaded: whatever listens without naming a host listens on 127.0.0.1 alone.
'use strict'

const net = require('node:net')

const HOST = '127.0.0.1'
const listen = net.Server.prototype.listen

function isPort(value) {
  return Number.isInteger(value) || (typeof value === 'string' && /^\d+$/.test(value))
}

net.Server.prototype.listen = function listenOnLoopback(first, ...rest) {
  if (isPort(first) && typeof rest[0] !== 'string') {
    return listen.call(this, first, HOST, ...rest)
  }
  if (first !== null && typeof first === 'object' && isPort(first.port) && !first.host) {
    return listen.call(this, { ...first, host: HOST }, ...rest)
  }
  return listen.call(this, first, ...rest)
}
