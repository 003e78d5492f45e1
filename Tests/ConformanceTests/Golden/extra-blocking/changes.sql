INSERT INTO t1 VALUES (10, 'streamed');
-- @settle
INSERT INTO debezium_signal VALUES ('s1', 'execute-snapshot', '{"type": "blocking", "data-collections": ["public.t2"]}');
-- @settle 4
UPDATE t2 SET v = 'after' WHERE id = 1;
-- @settle
INSERT INTO debezium_signal VALUES ('s2', 'execute-snapshot', '{"type": "blocking", "data-collections": ["public.t1"], "additional-conditions": [{"data-collection": "public.t1", "filter": "SELECT * FROM public.t1 WHERE id > 2"}]}');
-- @settle 4
DELETE FROM t1 WHERE id = 1;
