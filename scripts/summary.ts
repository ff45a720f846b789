import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { junitText } from './testing/junit.ts';

// `npm run summary -- TITLE FOLDER`: what a run left in a folder, as Markdown:
// its JUnit files as a table, its Markdown files as they are. On a hosted
// runner it goes to the job's page, else to the standard output.

const [title, folder] = process.argv.slice(2);
if (title === undefined || folder === undefined) {
  process.stderr.write('Use: npm run summary -- TITLE FOLDER\n');
  process.exit(2);
}
const names = existsSync(folder) ? readdirSync(folder).sort() : [];
const parts = names.flatMap((name) => {
  const read = (): string => readFileSync(join(folder, name), 'utf8');
  if (name.endsWith('.xml')) return [junitText(read())];
  return name.endsWith('.md') ? [read()] : [];
});
if (parts.length === 0) process.exitCode = 1;
const body = parts.length > 0 ? parts.join('\n') : `The run left no results in \`${folder}\`.\n`;
const text = `# ${title}\n\n${body}`;
const page = process.env.GITHUB_STEP_SUMMARY;
if (page) appendFileSync(page, text);
else process.stdout.write(text);
