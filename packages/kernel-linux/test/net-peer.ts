/**
 * One end of real traffic, for tests: runs inside a namespace.
 *
 *     tcp-server PORT            echoes
 *     tcp-client ADDRESS PORT    sends the lines of its input, prints those that come back
 *     udp-server PORT            echoes
 *     udp-client ADDRESS PORT N  sends N bytes every 100 ms until they come back, prints their number
 */
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [mode, ...args] = process.argv.slice(2);

switch (mode) {
  case 'tcp-server':
    createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket)).listen(Number(args[0]), ready);
    break;
  case 'tcp-client': {
    const socket = connect(Number(args[1]), args[0] ?? '');
    process.stdin.pipe(socket).pipe(process.stdout);
    break;
  }
  case 'udp-server': {
    const socket = createSocket('udp4');
    socket.on('message', (message, from) => socket.send(message, from.port, from.address));
    socket.bind(Number(args[0]), ready);
    break;
  }
  case 'udp-client': {
    const socket = createSocket('udp4');
    const send = (): void => socket.send(Buffer.alloc(Number(args[2])), Number(args[1]), args[0]);
    const timer = setInterval(send, 100);
    socket.on('message', (message) => {
      console.log(message.length);
      clearInterval(timer);
      socket.close();
    });
    send();
    break;
  }
  default:
    throw new Error(`unknown mode ${mode}`);
}

function ready(): void {
  console.log('ready');
}
