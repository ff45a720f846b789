import { runProcess } from '../src/index.ts';

// A process that tests start: what it does depends on --mode.
await runProcess(
  {
    name: 'sample',
    description: 'Does nothing, so that tests can look at its life.',
    options: {
      'ipam-address': { help: 'Where the IPAM service listens.', value: 'HOST:PORT' },
      mode: {
        help: 'What to do.',
        default: 'run',
        choices: ['run', 'fail-late', 'reject', 'hang', 'throw', 'never-ready'],
      },
    },
  },
  ({ options, metrics, health, logger, signal, background }) => {
    const starts = metrics.counter({ name: 'margay_sample_starts_total', help: 'Starts.' });
    starts.inc();
    if (options.mode === 'throw') throw new Error('no kubeconfig');
    if (options.mode === 'reject') void Promise.reject(new Error('nobody caught this'));
    if (options.mode === 'fail-late') background('the loop', Promise.reject(new Error('the loop broke')));
    if (options.mode === 'hang') background('a loop that hangs', new Promise(() => undefined));
    background(
      'the loop that ends',
      new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => {
          logger.info({}, 'Loop ended');
          resolve();
        }),
      ),
    );
    health.setReady(options.mode !== 'never-ready');
  },
);
