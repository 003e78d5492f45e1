INSERT INTO debezium_signal VALUES ('s1', 'execute-snapshot', '{"type": "incremental", "data-collections": ["public.t1"]}');
-- @settle 3
INSERT INTO t1 VALUES (4);
-- @settle
ALTER TABLE t1 ADD COLUMN x int DEFAULT 3;
INSERT INTO debezium_signal VALUES ('s2', 'execute-snapshot', '{"type": "incremental", "data-collections": ["public.t1"]}');
-- @settle 3
DELETE FROM t1 WHERE id = 4;
