import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * The tables on disk. A commit is in the operating system's hands before a
 * write is acknowledged, so it survives the death of this process at any
 * moment; WAL with synchronous=NORMAL spares the fsync that only a power
 * failure would need (the file stays consistent even then).
 */
export interface Database {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly rollback: StatementSync;
  readonly putObject: StatementSync;
  readonly removeObject: StatementSync;
  readonly allObjects: StatementSync;
  readonly putChange: StatementSync;
  /** Changes of a collection after a revision, oldest first. */
  readonly changesSince: StatementSync;
  /** Forgets changes up to a revision. */
  readonly trimChanges: StatementSync;
  readonly bounds: StatementSync;
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS objects (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (collection, key)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS changes (
    revision INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    previous_revision INTEGER,
    previous_body TEXT
  );
  CREATE INDEX IF NOT EXISTS changes_by_collection ON changes (collection, revision);
`;

/** Opens the file, and makes it when there is none. `:memory:` keeps nothing. */
export function openDatabase(file: string): Database {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
  // One process owns the file: a second server on it would not see the first one's writes.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;');
  database.exec(TABLES);
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    putObject: database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)'),
    removeObject: database.prepare('DELETE FROM objects WHERE collection = ? AND key = ?'),
    allObjects: database.prepare('SELECT collection, key, revision, body FROM objects'),
    putChange: database.prepare('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)'),
    changesSince: database.prepare('SELECT * FROM changes WHERE collection = ? AND revision > ? ORDER BY revision'),
    trimChanges: database.prepare('DELETE FROM changes WHERE revision <= ?'),
    bounds: database.prepare(
      'SELECT min(revision) AS oldest, max(revision) AS newest, (SELECT max(revision) FROM objects) AS object FROM changes',
    ),
    close: () => {
      database.close();
    },
  };
}
