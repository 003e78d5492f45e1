INSERT INTO debezium_signal VALUES ('a', 'execute-snapshot', '{"type": "incremental", "data-collections": ["public.words", "public.ids"]}');
-- @settle 3
INSERT INTO debezium_signal VALUES ('b', 'execute-snapshot', '{"data-collections": ["public.two", "public.empty"]}');
-- @settle 3
INSERT INTO words VALUES ('zzz', 99);
INSERT INTO debezium_signal VALUES ('c', 'execute-snapshot', '{"type": "INCREMENTAL", "data-collections": ["public.wor.*"], "additional-conditions": [{"data-collection": "public.words", "filter": "n % 2 = 1"}]}');
-- @settle 3
DELETE FROM words WHERE n > 7;
INSERT INTO debezium_signal VALUES ('d', 'execute-snapshot', '{"type": "incremental", "data-collections": ["public.unknown", "public.ids"]}');
-- @settle 3
UPDATE ids SET v = 0 WHERE v < 2;
