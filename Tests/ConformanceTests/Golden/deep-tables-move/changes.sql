ALTER TABLE a RENAME TO c;
INSERT INTO c VALUES (2, 'renamed');
-- @settle
ALTER TABLE c SET SCHEMA other;
INSERT INTO other.c VALUES (3, 'moved');
-- @settle
DROP TABLE b;
CREATE TABLE b (code text PRIMARY KEY, n int NOT NULL DEFAULT 4);
INSERT INTO b VALUES ('k', 1);
-- @settle
ALTER TABLE b RENAME COLUMN n TO m;
ALTER TABLE b ADD COLUMN n text;
INSERT INTO b VALUES ('l', 2, 'n');
UPDATE b SET code = 'kk' WHERE code = 'k';
-- @settle
BEGIN;
ALTER TABLE b DROP COLUMN m;
INSERT INTO b VALUES ('x', 'first');
ALTER TABLE b ADD COLUMN m boolean;
INSERT INTO b VALUES ('y', 'second', true);
COMMIT;
