SELECT pg_logical_emit_message(true, 'one', 'x');
SELECT pg_logical_emit_message(false, 'two', 'y');
BEGIN; INSERT INTO t VALUES (2, 'b'); SELECT pg_logical_emit_message(true, 'three', ''); COMMIT;
INSERT INTO t VALUES (3, 'c');
