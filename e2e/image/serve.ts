import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// A program: the server of a test's pod. Echoes what it gets on each port of
// its parameters, such as `tcp:80 udp:53`, until it is told to end. The first
// word of a line on standard output says what it does.

for (const parameter of process.argv.slice(2)) {
  const [protocol = '', text = ''] = parameter.split(':');
  const port = Number(text);
  if (protocol === 'tcp') listenTcp(port);
  else if (protocol === 'udp') listenUdp(port);
  else process.stderr.write(`cannot listen on ${parameter}: only tcp and udp are known\n`);
}

// The first process of a container gets no default action for signals.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
setInterval(() => undefined, 2 ** 30);

function listenTcp(port: number): void {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.on('error', (error) => fail(`tcp ${port}`, error));
  server.listen({ port, host: '0.0.0.0', backlog: 4096 }, () => process.stdout.write(`listening tcp ${port}\n`));
}

function listenUdp(port: number): void {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { address, port: from }) => socket.send(bytes, from, address));
  socket.on('error', (error) => fail(`udp ${port}`, error));
  socket.bind(port, '0.0.0.0', () => process.stdout.write(`listening udp ${port}\n`));
}

function fail(what: string, { message }: Error): void {
  process.stderr.write(`${what}: ${message}\n`);
  process.exit(1);
}
