INSERT INTO t1 VALUES (2, 'streamed');
-- @settle
-- @stop
BEGIN;
UPDATE t1 SET id = 20 WHERE id = 2;
INSERT INTO s2.t2 VALUES (2, 'while stopped');
COMMIT;
ALTER TABLE t1 ADD COLUMN extra int DEFAULT 5;
INSERT INTO t1 VALUES (3, 'with extra', 7);
-- @start
DELETE FROM t1 WHERE id = 1;
-- @settle
-- @restart
UPDATE s2.t2 SET v = 'end';
