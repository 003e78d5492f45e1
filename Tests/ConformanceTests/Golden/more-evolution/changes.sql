ALTER TABLE acc ADD COLUMN active boolean NOT NULL DEFAULT true, ADD COLUMN at timestamp DEFAULT '2024-01-01';
INSERT INTO acc VALUES (3, 'c', 30);
-- @settle
ALTER TABLE acc ALTER COLUMN amount TYPE numeric(12,4);
UPDATE acc SET amount = 1.23456 WHERE id = 1;
-- @settle
ALTER TABLE acc ALTER COLUMN name TYPE text, ALTER COLUMN name SET NOT NULL;
INSERT INTO acc VALUES (4, 'd', 40);
-- @settle
BEGIN;
INSERT INTO acc VALUES (5, 'e', 50);
ALTER TABLE acc ADD COLUMN j jsonb;
INSERT INTO acc VALUES (6, 'f', 60, false, NULL, '{"k": 1}');
ALTER TABLE acc DROP COLUMN at;
UPDATE acc SET active = false WHERE id = 5;
COMMIT;
-- @settle
ALTER TABLE other ADD PRIMARY KEY (a, b);
INSERT INTO other VALUES (2, 2, 'y');
UPDATE other SET b = 3 WHERE a = 2;
-- @settle
ALTER TABLE other RENAME COLUMN v TO w;
UPDATE other SET w = 'z' WHERE a = 2;
DELETE FROM other WHERE a = 1;
-- @settle
ALTER TABLE other DROP CONSTRAINT other_pkey;
ALTER TABLE other REPLICA IDENTITY FULL;
UPDATE other SET w = 'zz';
