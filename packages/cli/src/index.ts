export { CliError, type CliErrorCode, EXIT } from './error.ts';
export { runCommandLine } from './run-command-line.ts';
export { DEFAULT_NAME } from './sim/options.ts';
export { startDefault } from './start-default.ts';
