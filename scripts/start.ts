import { startDefault } from '@margay/cli';

// What `npm start` runs after the set-up: thin, since the command does the work.
process.exit(await startDefault());
