INSERT INTO a VALUES (2, 'two', 'y');
-- @settle
CREATE UNIQUE INDEX a_code ON a (code);
ALTER TABLE a REPLICA IDENTITY USING INDEX a_code;
UPDATE a SET v = 'xx' WHERE id = 1;
UPDATE a SET code = 'uno' WHERE id = 1;
-- @settle
ALTER TABLE a ADD PRIMARY KEY (id);
UPDATE a SET code = 'eins' WHERE id = 1;
-- @settle
ALTER TABLE a REPLICA IDENTITY FULL;
UPDATE a SET id = 7 WHERE id = 1;
DELETE FROM a WHERE id = 7;
-- @settle
ALTER TABLE b REPLICA IDENTITY NOTHING;
INSERT INTO b VALUES (3, 'three', 'z');
-- @settle
ALTER TABLE b REPLICA IDENTITY DEFAULT;
UPDATE b SET id = 20 WHERE id = 2;
-- @settle
ALTER TABLE b DROP CONSTRAINT b_pkey, REPLICA IDENTITY USING INDEX b_code_key;
UPDATE b SET v = 'q' WHERE code = 'one';
DELETE FROM b WHERE code = 'two';
