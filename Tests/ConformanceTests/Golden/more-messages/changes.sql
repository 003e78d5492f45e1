SELECT pg_logical_emit_message(false, 'alone', 'x');
BEGIN;
INSERT INTO t VALUES (2, 'b');
SELECT pg_logical_emit_message(true, 'inside', '');
SELECT pg_logical_emit_message(false, 'early', 'not transactional');
SAVEPOINT s;
SELECT pg_logical_emit_message(true, 'undone', 'gone');
ROLLBACK TO s;
UPDATE t SET v = 'c' WHERE id = 2;
SELECT pg_logical_emit_message(true, 'inside', '\x0001ff'::bytea);
COMMIT;
-- @settle
DELETE FROM t WHERE id = 1;
