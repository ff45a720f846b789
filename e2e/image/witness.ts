import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// A program: the host outside of the cluster. Whoever connects to the port of
// its parameter, by tcp or udp, is told the source address that it sees, as
// one line. Ping is answered by the kernel.

const port = Number(process.argv[2]);

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end(`${socket.remoteAddress}\n`);
  socket.resume();
});
server.listen({ port, host: '0.0.0.0' }, () => process.stdout.write(`listening tcp ${port}\n`));

const udp = createSocket('udp4');
udp.on('message', (_, from) => udp.send(`${from.address}\n`, from.port, from.address));
udp.bind(port, '0.0.0.0');

process.on('SIGTERM', () => process.exit(0));
