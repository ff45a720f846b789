#!/usr/bin/env node
// The plugin for machines that no prebuilt executable fits. Behaves as
// shim/margay.c does, to the byte; src/protocol.ts describes the frames.
// CommonJS without imports of its own: it runs alone, on any Node from 18.
'use strict';

const fs = require('node:fs');
const net = require('node:net');

const PROTOCOL_VERSION = 1;
const MAX_INPUT = 1 << 20;
const MAX_ENVIRONMENT = 64 << 10;
const MAX_REPLY = 4 << 20;
const USAGE = `Margay CNI plugin: run by a container runtime, not by hand
CNI protocol versions supported: 0.3.1, 0.4.0, 1.0.0, 1.1.0
`;

const env = process.env;
const command = env.CNI_COMMAND;
let cniVersion = '';

function finish(exitCode, stdout) {
  let rest = Buffer.from(stdout);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(1);
    }
  }
  process.exit(exitCode);
}

function fail(code, msg, details) {
  finish(1, `${JSON.stringify({ ...(cniVersion && { cniVersion }), code, msg, details })}\n`);
}

// Never "not found" or "no such file": runtimes take a failed DEL with those words for success.
function unavailable(details) {
  fail(command === 'STATUS' ? 50 : 11, 'the Margay agent of this node is not available', details);
}

function readInput() {
  return new Promise((resolve) => {
    const chunks = [];
    let length = 0;
    process.stdin.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_INPUT) fail(6, 'the network configuration is too long', 'it may have 1 MiB');
    });
    process.stdin.on('end', () => resolve(Buffer.concat(chunks)));
    process.stdin.on('error', () =>
      fail(5, 'cannot read the network configuration', 'reading the standard input failed'),
    );
  });
}

function exchange(path, request) {
  const socket = net.connect(path);
  const chunks = [];
  let length = 0;
  let connected = false;
  socket.on('connect', () => {
    connected = true;
    socket.write(request);
  });
  socket.on('error', (error) =>
    unavailable(
      connected
        ? 'the agent closed the connection'
        : `nothing listens on its socket (errno ${Math.abs(error.errno ?? 0)})`,
    ),
  );
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < 6) return;
    const bytes = Buffer.concat(chunks);
    const size = bytes.readUInt32BE(0);
    if (bytes[4] !== PROTOCOL_VERSION || size < 2 || size - 2 > MAX_REPLY) {
      unavailable("the agent's answer is not of this plugin's protocol version");
    }
    if (bytes.length >= 4 + size) finish(bytes[5], bytes.subarray(6, 4 + size));
  });
  socket.on('end', () => unavailable('the agent closed the connection without an answer'));
}

async function main() {
  const timeoutMs = Number.parseInt(env.MARGAY_CNI_TIMEOUT_MS ?? '', 10);
  setTimeout(() => unavailable('the agent does not answer'), timeoutMs > 0 ? timeoutMs : 30_000);
  const entries = Object.entries(env).filter(([name]) => name.startsWith('CNI_'));
  const environment = Buffer.from(entries.map(([name, value]) => `${name}=${value}\0`).join(''));
  if (environment.length > MAX_ENVIRONMENT) {
    fail(4, 'the CNI environment variables are too long', 'together they may have 64 KiB');
  }
  const input = await readInput();
  const found = /"cniVersion"[ \t\r\n]*:[ \t\r\n]*"([0-9.]{0,15})"/.exec(input.toString());
  cniVersion = found?.[1] ?? '';
  if (command === 'VERSION') {
    const supportedVersions = ['0.3.1', '0.4.0', '1.0.0', '1.1.0'];
    finish(0, `${JSON.stringify({ cniVersion: cniVersion || '1.1.0', supportedVersions })}\n`);
  }
  const path = env.MARGAY_CNI_SOCKET || '/run/margay/cni.sock';
  if (Buffer.byteLength(path) > 107) {
    fail(4, 'MARGAY_CNI_SOCKET is too long', 'a socket path has at most 107 bytes');
  }
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + environment.length + 1 + input.length);
  head[4] = PROTOCOL_VERSION;
  exchange(path, Buffer.concat([head, environment, Buffer.of(0), input]));
}

if (command) {
  void main();
} else {
  fs.writeSync(2, USAGE);
}
