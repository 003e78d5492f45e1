INSERT INTO t (code, name) VALUES (5, 'Bob');
UPDATE t SET region = 'west' WHERE code = 1;
UPDATE t SET secret = 'z' WHERE code = 5;
UPDATE t SET name = 'Long name of Bob' WHERE code = 5;
UPDATE u SET region = 'x' WHERE id = 1;
UPDATE u SET id = 3 WHERE id = 2;
DELETE FROM u WHERE id = 1;
DELETE FROM t WHERE code IS NULL;
INSERT INTO nokey VALUES ('c', 3);
